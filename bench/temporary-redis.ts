import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedRedis, holdRedis } from '../src/redis/embedded.ts';

/** A folder with a redis-server of its own, for one measurement. */
export async function withRedis<Result>(
  measure: (place: { folder: string; redis: EmbeddedRedis }) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'cxone-bench-'));
  const redis = await holdRedis(join(folder, 'redis'));
  try {
    return await measure({ folder, redis });
  } finally {
    redis.release();
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2;
}
