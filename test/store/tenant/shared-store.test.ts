import { describe, expect, it } from 'vitest';
import { openFileStore } from '../../../src/store/artifacts/file-store.ts';
import { proveSharedStore } from '../../../src/store/tenant/shared-store.ts';
import { useRedis } from '../../redis-server.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { codedBy } from '../../thrown.ts';

const redis = useRedis();

describe('proveSharedStore', () => {
  it('is content while all use one store, also at once', async () => {
    const prefix = redis.prefix();
    const folder = temporaryFolder();
    const [one, other] = [redis.connect(), redis.connect()];
    await Promise.all([one, other, one, other].map(client => proveSharedStore(openFileStore(folder), client, prefix)));
    await proveSharedStore(openFileStore(folder), other, prefix);
  });

  it('refuses a second store, naming it, the cure and the key', async () => {
    const prefix = redis.prefix();
    const [own, foreign] = [temporaryFolder(), temporaryFolder()];
    await proveSharedStore(openFileStore(own), redis.connect(), prefix);
    const error = await codedBy(() => proveSharedStore(openFileStore(foreign), redis.connect(), prefix));
    expect(error.code).toBe('STORE_FOREIGN');
    for (const named of [foreign, 'ARTIFACTS_URL', 'TENANT', 'tenant adopt store'])
      expect(error.message).toContain(named);
    await proveSharedStore(openFileStore(own), redis.connect(), prefix);
  });

  it('keeps tenants apart', async () => {
    const client = redis.connect();
    await proveSharedStore(openFileStore(temporaryFolder()), client, redis.prefix());
    await proveSharedStore(openFileStore(temporaryFolder()), client, redis.prefix());
  });

  it('believes the store when Redis has lost its data', async () => {
    const prefix = redis.prefix();
    const store = openFileStore(temporaryFolder());
    const client = redis.connect();
    await proveSharedStore(store, client, prefix);
    const id = (await store.read('tenant/store-id')).toString();
    await client.del(`${prefix}:store-id`);
    await proveSharedStore(store, client, prefix);
    expect(await client.get(`${prefix}:store-id`)).toBe(id);
  });
});
