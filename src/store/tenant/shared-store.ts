import type { Redis } from 'ioredis';
import { MlopsError } from '../../errors.ts';
import type { ArtifactStore } from '../artifacts/store.ts';

const redisKey = (prefix: string) => `${prefix}:store-id`;

/** The work of another store in Redis. */
export interface FormerWork {
  /** Whether jobs wait or run: then their data must not be dropped. */
  isUnderWay(): Promise<boolean>;
  /** Removes finished jobs and all counters. */
  remove(): Promise<void>;
}

/**
 * Ensures that all processes on one Redis also share the artifact store: two hosts, each with its own `file:` folder,
 * would each see half of every run. An empty store takes over from another one whose jobs have all ended. Otherwise a
 * store is created only if Redis knows none: if Redis knows one and the folder has none, a mount is missing, and nothing
 * is written in its place.
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

/** Binds this store to the tenant's keys in Redis. */
export async function adoptStore(store: ArtifactStore, client: Redis, prefix: string): Promise<void> {
  await client.set(redisKey(prefix), await store.establish());
}
