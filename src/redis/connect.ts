import { once } from 'node:events';
import { Redis } from 'ioredis';
import { MlopsError, systemCode } from '../errors.ts';
import { holdRedis } from './embedded.ts';

/** A Redis to work with, and how to leave it. */
export interface RedisAccess {
  /** The connection for commands; queue workers duplicate it for their blocking reads. */
  readonly client: Redis;
  /** Another connection, for callers that must fail fast: while Redis is away its commands fail at once. The caller closes it. */
  prompt(): Promise<Redis>;
  close(): Promise<void>;
}

/** Who starts at the same time as Redis gets this long to find it. */
const firstContactMs = 10_000;

/**
 * Connects to `url`, or to the redis-server of the folder `embeddedData` where `url` is `null`. Once connected, a lost
 * connection is taken up again for as long as it takes; commands wait meanwhile.
 * @throws MlopsError REDIS_UNAVAILABLE when there is no first contact, BAD_CONFIG when there is no server to embed
 */
export async function connectRedis(url: string | null, embeddedData: string): Promise<RedisAccess> {
  const embedded = url === null ? await holdRedis(embeddedData) : null;
  const options = { maxRetriesPerRequest: null, retryStrategy: (tries: number) => Math.min(50 * tries, 1000) };
  const client =
    embedded === null
      ? new Redis((url ?? '').replace(/^unix:(\/\/)?/, ''), options)
      : new Redis({ path: embedded.socket, ...options });
  // Reconnecting is what retryStrategy does; without a listener every try would be printed.
  let trouble = 'no answer';
  client.on('error', error => {
    trouble = systemCode(error) ?? error.message;
  });
  if (!(await firstContact(client))) {
    client.disconnect();
    embedded?.release();
    throw new MlopsError(
      'REDIS_UNAVAILABLE',
      `no Redis at ${placeOf(url)} within ${firstContactMs / 1000} s (${trouble}): start it, or fix REDIS_URL`,
    );
  }
  return {
    client,
    prompt: () => promptClient(client),
    async close() {
      await Promise.race([
        client.quit().catch(() => undefined),
        new Promise(resolve => setTimeout(resolve, 500).unref()),
      ]);
      client.disconnect();
      embedded?.release();
    },
  };
}

/** A Redis that takes a command and then does not answer for so long counts as away. */
const promptMs = 5_000;

async function promptClient(client: Redis): Promise<Redis> {
  const prompt = client.duplicate({
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: promptMs,
  });
  prompt.on('error', () => undefined);
  // Nothing of it may be used before: a queue that cannot look at Redis when it is opened never does.
  await once(prompt, 'ready', { signal: AbortSignal.timeout(firstContactMs) }).catch(() => {
    prompt.disconnect();
    throw new MlopsError('REDIS_UNAVAILABLE', `Redis gave no second connection within ${firstContactMs / 1000} s`);
  });
  return prompt;
}

/** Whether `error` is one of the client's own, which means that Redis could not be reached. */
export function isRedisAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const isOfSocket = ['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT'].includes(systemCode(error) ?? '');
  const said = /enableOfflineQueue|^Connection is closed|^Command timed out|^Connection lost|max retries per request/i;
  return isOfSocket || said.test(error.message) || error.name === 'MaxRetriesPerRequestError';
}

async function firstContact(client: Redis): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>(resolve => {
    timer = setTimeout(() => resolve(false), firstContactMs);
  });
  const answered = client.ping().then(
    () => true,
    () => false,
  );
  return await Promise.race([answered, late]).finally(() => clearTimeout(timer));
}

/** Where a Redis is, without the login that its URL may hold. */
function placeOf(url: string | null): string {
  if (url === null) return 'the embedded socket';
  const { protocol, host, pathname } = new URL(url);
  return protocol === 'unix:' ? pathname : `${protocol}//${host}`;
}
