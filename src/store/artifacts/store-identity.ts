import type { Redis } from 'ioredis';
import { MlopsError } from '../../errors.ts';
import type { ArtifactStore } from './store.ts';

/**
 * Makes sure that all who share a Redis also share the artifact store: two hosts, each with a `file:` folder of its
 * own, would each see half of every run. A store is made only where Redis knows none: where it knows one and there is
 * none, a mount is missing, and nothing is written in its place.
 * @param prefix of the tenant's keys in Redis
 * @throws MlopsError STORE_FOREIGN, STORE_UNWRITABLE
 */
export async function proveSharedStore(store: ArtifactStore, client: Redis, prefix: string): Promise<void> {
  const key = `${prefix}:store-id`;
  const known = await client.get(key);
  const own = known === null ? await store.establish() : await store.id();
  if (own !== null) {
    await client.set(key, own, 'NX');
    if ((await client.get(key)) === own) return;
  }
  throw new MlopsError(
    'STORE_FOREIGN',
    `the artifact store at ${store.place} is not the one that the others on this Redis use${own === null ? ': it is empty' : ''}. ` +
      `Mount it, or give all of them one shared ARTIFACTS_URL (if the old store is gone for good, delete the key ${key} in Redis)`,
  );
}
