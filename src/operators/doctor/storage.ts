import { queueNames } from '../../../jobs/registry.ts';
import { embeddedRedisFolder, tenantPrefix } from '../../app/stored.ts';
import type { Config } from '../../config/config.ts';
import { connectRedis, type RedisAccess } from '../../redis/connect.ts';
import { openQueues } from '../../runtime/queues.ts';
import { probeFileSystem } from '../../store/artifacts/probe-file-system.ts';
import type { ArtifactStore } from '../../store/artifacts/store.ts';
import { proveSharedStore } from '../../store/tenant/shared-store.ts';
import { proveStoreWritable } from '../readiness.ts';
import { redisFindings } from '../redis-findings.ts';
import { type Check, check, describe } from './check.ts';

/** Redis, the artifact store, and whether the two belong together. */
export async function examineStorage(settings: Config, store: ArtifactStore): Promise<Check[]> {
  // Creates the store if Redis has no record of one yet.
  const [redis, shared] = await examineRedis(settings, store);
  const writable = await check('artifact store', async () => {
    await proveStoreWritable(store);
    return store.place;
  });
  if (writable.state !== 'ok') return [...redis, writable];
  return [
    ...redis,
    writable,
    ...(await examineFileSystem(settings, store)),
    ...(await examinePrivacy(store)),
    await examineSpace(store),
    ...shared,
  ];
}

async function examineRedis(settings: Config, store: ArtifactStore): Promise<[Check[], Check[]]> {
  let redis: RedisAccess;
  try {
    redis = await connectRedis(settings.redisUrl, embeddedRedisFolder(), tenantPrefix(settings));
  } catch (error) {
    return [[{ state: 'bad', what: 'Redis', detail: describe(error) }], []];
  }
  try {
    const findings = await redisFindings(redis.client);
    const shared = await check('shared store', async () => {
      await proveSharedStore(store, redis.client, tenantPrefix(settings));
      return 'the same for all processes on this Redis';
    });
    const pauses = await examinePauses(settings, redis);
    return [
      [
        ...findings.map(({ what, problem, detail }) => ({
          state: problem ? ('bad' as const) : ('ok' as const),
          what,
          detail,
        })),
        ...pauses,
      ],
      [shared],
    ];
  } finally {
    await redis.close();
  }
}

/** What the file system of the store cannot do. */
async function examineFileSystem({ artifactsUrl }: Config, { place }: ArtifactStore): Promise<Check[]> {
  if (!/^file:/i.test(artifactsUrl)) return [];
  const findings = await probeFileSystem(place).catch((error: unknown) => [describe(error)]);
  return findings.map(detail => ({ state: 'warn', what: 'artifact store', detail }));
}

/** Queues that an operator has paused: nothing in them continues. */
async function examinePauses(settings: Config, { client }: RedisAccess): Promise<Check[]> {
  const queues = openQueues(client, tenantPrefix(settings));
  try {
    const pauses = await Promise.all(queueNames.map(async name => ((await queues.isPaused(name)) ? [name] : [])));
    const paused = pauses.flat();
    if (paused.length === 0) return [];
    return [{ state: 'warn', what: 'queues', detail: `paused: ${paused.join(', ')}; resume them on Bull Board` }];
  } catch (error) {
    return [{ state: 'bad', what: 'queues', detail: describe(error) }];
  } finally {
    await queues.close();
  }
}

/** The store contains customer text, so other users of the machine must not be able to read it. */
async function examinePrivacy(store: ArtifactStore): Promise<Check[]> {
  const open = await store.openToOthers();
  if (open === null) return [];
  return [
    {
      state: 'warn',
      what: 'artifact store',
      detail: `${open} is open to other users of this machine: chmod -R go-rwx ${store.place}`,
    },
  ];
}

const gigabyte = 1024 ** 3;

async function examineSpace(store: ArtifactStore): Promise<Check> {
  const what = 'free space';
  const free = await store.freeBytes();
  if (free === null) return { state: 'off', what, detail: 'unknown for this kind of store' };
  const detail = `${(free / gigabyte).toFixed(1)} GB`;
  if (free >= gigabyte) return { state: 'ok', what, detail };
  return {
    state: free < gigabyte / 10 ? 'bad' : 'warn',
    what,
    detail: `${detail} left at ${store.place}: free disk space (retention run deletes expired data)`,
  };
}
