import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { ArtifactStore } from '../edges/artifacts/store.ts';
import { isCoded } from '../errors.ts';

/** Whether this process could do its work now, and what stands in the way. */
export interface Readiness {
  readonly ready: boolean;
  readonly redis: string;
  readonly store: string;
}

const patienceMs = 2_000;

export async function readiness(parts: { redis: { client: Redis }; store: ArtifactStore }): Promise<Readiness> {
  const [redis, store] = await Promise.all([
    verdict(parts.redis.client.ping().then(() => undefined)),
    verdict(proveWritable(parts.store)),
  ]);
  return { ready: redis === 'ok' && store === 'ok', redis, store };
}

/** @throws MlopsError STORE_UNWRITABLE */
export async function proveWritable(store: ArtifactStore): Promise<void> {
  const key = `probes/${randomUUID()}`;
  await store.create(key, 'probe');
  await store.remove(key);
}

async function verdict(proof: Promise<void>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>(resolve => {
    timer = setTimeout(() => resolve(`no answer within ${patienceMs / 1000} s`), patienceMs);
  });
  const answered = proof.then(
    () => 'ok',
    (error: unknown) => (isCoded(error) ? error.code : 'failed'),
  );
  return await Promise.race([answered, late]).finally(() => clearTimeout(timer));
}
