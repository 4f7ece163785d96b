import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { proveModelThere } from '../compute/embedding/model.ts';
import { isCoded } from '../errors.ts';
import { proveWritable } from '../redis/connect.ts';
import { redisError } from '../redis/replies.ts';
import type { ArtifactStore } from '../store/artifacts/store.ts';

/** Whether this process is ready to work, and what prevents it. */
export interface Readiness {
  readonly ready: boolean;
  readonly redis: string;
  readonly store: string;
  readonly model: string;
}

const timeoutMs = 2_000;

export interface ReadinessParts {
  readonly redis: { readonly client: Redis };
  /** Start of our keys in Redis. */
  readonly prefix: string;
  readonly store: ArtifactStore;
  readonly modelPath: string;
}

export async function readiness(parts: ReadinessParts): Promise<Readiness> {
  const [redis, store, model] = await Promise.all([
    verdict(proveWritable(parts.redis.client, parts.prefix)),
    verdict(proveStoreWritable(parts.store)),
    verdict(proveModelThere(parts.modelPath)),
  ]);
  return { ready: [redis, store, model].every(each => each === 'ok'), redis, store, model };
}

/** @throws MlopsError STORE_UNWRITABLE, or STORE_UNREADABLE if the store is missing or was replaced by another one */
export async function proveStoreWritable(store: ArtifactStore): Promise<void> {
  const key = `probes/${randomUUID()}`;
  await store.create(key, 'probe');
  await store.remove(key);
}

async function verdict(proof: Promise<void>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>(resolve => {
    timer = setTimeout(() => resolve(`no answer within ${timeoutMs / 1000} s`), timeoutMs);
  });
  const answered = proof.then(
    () => 'ok',
    (error: unknown) => {
      const ofRedis = redisError(error);
      if (ofRedis !== null) return ofRedis.message;
      return isCoded(error) ? error.code : 'failed';
    },
  );
  return await Promise.race([answered, late]).finally(() => clearTimeout(timer));
}
