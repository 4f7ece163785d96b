import { Redis } from 'ioredis';
import { holdRedis } from './embedded.ts';

/** A Redis to work with, and how to leave it. */
export interface RedisAccess {
  /** The connection for commands; queue workers duplicate it for their blocking reads. */
  readonly client: Redis;
  close(): Promise<void>;
}

/**
 * Connects to `url`, or to the redis-server of the folder `embeddedData` where `url` is `null`. A lost connection is
 * taken up again for as long as it takes; commands wait meanwhile.
 */
export async function connectRedis(url: string | null, embeddedData: string): Promise<RedisAccess> {
  const embedded = url === null ? await holdRedis(embeddedData) : null;
  const options = { maxRetriesPerRequest: null, retryStrategy: (tries: number) => Math.min(50 * tries, 1000) };
  const client =
    embedded === null
      ? new Redis((url ?? '').replace(/^unix:(\/\/)?/, ''), options)
      : new Redis({ path: embedded.socket, ...options });
  // Reconnecting is what retryStrategy does; without a listener every try would be printed.
  client.on('error', () => undefined);
  return {
    client,
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
