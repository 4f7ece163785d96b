import type { Redis } from 'ioredis';
import { MlopsError } from '../../errors.ts';
import type { ArtifactStore } from '../artifacts/store.ts';

const redisKey = (prefix: string) => `${prefix}:store-id`;

/** What Redis holds of the work of another store. */
export interface FormerWork {
  /** Whether jobs wait or run: then it must not be dropped. */
  isUnderWay(): Promise<boolean>;
  /** Removes what is finished, and all counters. */
  remove(): Promise<void>;
}

/**
 * Makes sure that all who share a Redis also share the artifact store: two hosts, each with a `file:` folder of its
 * own, would each see half of every run. An empty store takes over from another whose jobs have all ended. Otherwise a
 * store is made only where Redis knows none: where it knows one and there is none, a mount is missing, and nothing is
 * written in its place.
 * @param prefix of the tenant's keys in Redis
 * @throws MlopsError STORE_FOREIGN
 */
export async function proveSharedStore(
  store: ArtifactStore,
  client: Redis,
  prefix: string,
  former?: FormerWork,
): Promise<void> {
  const found = await store.id();
  const isKnown = (await client.get(redisKey(prefix))) !== null;
  const own = found ?? (isKnown ? null : await store.establish());
  if (own !== null) {
    await client.set(redisKey(prefix), own, 'NX');
    if ((await client.get(redisKey(prefix))) === own) return;
  }
  if (found === null && former !== undefined && !(await former.isUnderWay())) {
    await former.remove();
    return await adoptStore(store, client, prefix);
  }
  throw new MlopsError(
    'STORE_FOREIGN',
    `the artifact store at ${store.place} is not the one that other processes on this Redis use. ` +
      'Give all of them the same ARTIFACTS_URL, set TENANT to another name to keep the two apart, ' +
      'or run "tenant adopt store" if this store replaces the other one',
  );
}

/** From now on this store belongs to the tenant's keys in Redis. */
export async function adoptStore(store: ArtifactStore, client: Redis, prefix: string): Promise<void> {
  await client.set(redisKey(prefix), await store.establish());
}
