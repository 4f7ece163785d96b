import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { MlopsError } from '../../errors.ts';
import type { ArtifactStore } from './store.ts';

const key = 'store-id';

/**
 * Makes sure that all who share a Redis also share the artifact store: two hosts, each with a `file:` folder of its
 * own, would each see half of every run.
 * @param prefix of the tenant's keys in Redis
 * @throws MlopsError STORE_FOREIGN
 */
export async function proveSharedStore(store: ArtifactStore, client: Redis, prefix: string): Promise<void> {
  await store.create(key, randomUUID());
  const own = (await store.read(key)).toString('utf8');
  await client.set(`${prefix}:store-id`, own, 'NX');
  if ((await client.get(`${prefix}:store-id`)) === own) return;
  throw new MlopsError(
    'STORE_FOREIGN',
    `the artifact store at ${store.place} is not the one that the others on this Redis use: give all of them one shared ARTIFACTS_URL ` +
      `(if the old store is gone for good, delete the key ${prefix}:store-id in Redis)`,
  );
}
