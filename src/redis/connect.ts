import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { MlopsError, systemCode } from '../errors.ts';
import { holdRedis } from './embedded.ts';
import { isFixedByReconnecting, redisError } from './replies.ts';
import { type ConnectionOptions, optionsOf, placeOf } from './url.ts';

/** A Redis to work with, and how to leave it. */
export interface RedisAccess {
  /** The connection for commands; queue workers duplicate it for their blocking reads. */
  readonly client: Redis;
  /** Another connection, for callers that must fail fast: while Redis is away its commands fail at once. The caller closes it. */
  prompt(): Promise<Redis>;
  close(): Promise<void>;
}

/** A client that starts at the same time as Redis waits this long for it. */
const firstContactMs = 10_000;

/**
 * An answer that takes longer means that the connection is dead, and a new one is made. Longer than the longest blocking
 * read of a worker (10 s).
 */
const silenceMs = 12_500;

/** Options of all connections. */
const usual = {
  maxRetriesPerRequest: null,
  retryStrategy: (tries: number) => Math.min(50 * tries, 1000),
  socketTimeout: silenceMs,
  keepAlive: 10_000,
} satisfies ConnectionOptions;

/**
 * Connects to `url`, or to the redis-server of the folder `embeddedData` where `url` is `null`, and proves that it does
 * what queues need. From then on a lost connection is made again for as long as it takes, as is one that leads to a
 * server that has become a replica; commands wait meanwhile.
 * @param prefix start of our keys
 * @throws MlopsError REDIS_UNAVAILABLE without a first contact, BAD_CONFIG if there is no server to embed, or if `url`
 *   leads to one that queues cannot use
 */
export async function connectRedis(url: string | null, embeddedData: string, prefix: string): Promise<RedisAccess> {
  const embedded = url === null ? await holdRedis(embeddedData) : null;
  const place: ConnectionOptions = embedded === null ? optionsOf(url ?? '') : { path: embedded.socket };
  const onTrial: ConnectionOptions = { ...place, ...usual, enableReadyCheck: false };
  const trial = new Redis(onTrial);
  let mayInform: boolean;
  try {
    await firstContact(trial, placeOf(url));
    mayInform = await proveUsable(trial, prefix);
  } catch (error) {
    embedded?.release();
    throw error;
  } finally {
    trial.disconnect();
  }
  const options: ConnectionOptions = {
    ...place,
    ...usual,
    reconnectOnError: resendAfterFailover,
    enableReadyCheck: mayInform,
  };
  // An option of the connection keeps BullMQ from reading the version by INFO.
  const client = new Redis(mayInform ? options : Object.assign({ skipVersionCheck: true }, options));
  // Reconnecting is what retryStrategy does; without a listener every attempt would be printed.
  client.on('error', () => undefined);
  keepProving(client, prefix);
  return {
    client,
    prompt: () => promptClient(client, prefix),
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

/** A command that was refused had no effect, so that it is sent again on the new connection. */
function resendAfterFailover(error: Error): false | 2 {
  return isFixedByReconnecting(error) ? 2 : false;
}

/**
 * Proves that scripts can write our keys.
 * @returns whether INFO is allowed, which managed Redis may forbid
 * @throws MlopsError BAD_CONFIG, REDIS_UNAVAILABLE
 */
async function proveUsable(client: Redis, prefix: string): Promise<boolean> {
  try {
    await proveWritable(client, prefix);
  } catch (error) {
    throw redisError(error) ?? error;
  }
  return await client.info('server').then(
    () => true,
    () => false,
  );
}

/** A script that writes, as all work on queues does. @throws what Redis answers */
export async function proveWritable(client: Redis, prefix: string): Promise<void> {
  await client.eval("redis.call('SET', KEYS[1], 'probe') return redis.call('DEL', KEYS[1])", 1, `${prefix}:probe`);
}

/** A Redis that takes a command and then does not answer for so long counts as away. */
const promptMs = 5_000;

async function promptClient(client: Redis, prefix: string): Promise<Redis> {
  const prompt = client.duplicate({
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: promptMs,
    // The command fails at once; the next one finds the new connection.
    reconnectOnError: isFixedByReconnecting,
  });
  prompt.on('error', () => undefined);
  // Nothing of it may be used before: a queue that cannot look at Redis when it is opened never does.
  await once(prompt, 'ready', { signal: AbortSignal.timeout(firstContactMs) }).catch(() => {
    prompt.disconnect();
    throw new MlopsError('REDIS_UNAVAILABLE', `Redis gave no second connection within ${firstContactMs / 1000} s`);
  });
  keepProving(prompt, prefix);
  return prompt;
}

/**
 * The client does not look at errors inside of a transaction, so that each connection is proved at this interval: after a
 * failover it may otherwise lead to a replica for ever.
 */
const proveEveryMs = 5_000;

/** Proves the connection until it is closed for good. A reply that a new connection fixes makes the client reconnect. */
function keepProving(client: Redis, prefix: string): void {
  let isProving = false;
  const timer = setInterval(() => {
    if (isProving || client.status !== 'ready') return;
    isProving = true;
    proveWritable(client, prefix)
      .catch(() => undefined)
      .finally(() => {
        isProving = false;
      });
  }, proveEveryMs).unref();
  client.once('end', () => clearInterval(timer));
}

/** A Redis that is still loading its data is there: it gets this long. */
const loadingMs = 60_000;
const askAgainMs = 100;

/** @throws MlopsError REDIS_UNAVAILABLE, BAD_CONFIG */
async function firstContact(client: Redis, place: string): Promise<void> {
  let trouble: unknown = new Error('no answer');
  client.on('error', error => {
    trouble = error;
  });
  const beganAt = performance.now();
  for (let waitMs = firstContactMs; performance.now() - beganAt < waitMs; await pause(askAgainMs)) {
    const failure = await answerOf(client, waitMs - (performance.now() - beganAt));
    if (failure === null) return;
    const known = redisError(failure);
    if (known?.code === 'BAD_CONFIG') throw known;
    if (failure !== late) trouble = failure;
    if (/\bLOADING\b/.test(failure.message)) waitMs = loadingMs;
  }
  const waited = Math.round((performance.now() - beganAt) / 1000);
  const why = systemCode(trouble) ?? redisError(trouble)?.message ?? (trouble instanceof Error ? trouble.message : '');
  throw new MlopsError(
    'REDIS_UNAVAILABLE',
    `no Redis at ${place} within ${waited} s (${why}): start it, or fix REDIS_URL`,
    { cause: trouble },
  );
}

const late = new Error('no answer');

/** What a PING failed with, `late` after `ms`; `null` for an answer. */
async function answerOf(client: Redis, ms: number): Promise<Error | null> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<Error>(resolve => {
    timer = setTimeout(() => resolve(late), ms);
  });
  const answered = client.ping().then(
    () => null,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  return await Promise.race([answered, tooLate]).finally(() => clearTimeout(timer));
}
