import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { queueNames } from '../../jobs/registry.ts';

/** Something that was written or answered somewhere, and where. */
export type Place = readonly [where: string, text: string];

/** Every key and what it holds. */
export async function everythingIn(redis: Redis): Promise<Place[]> {
  const keys = new Set<string>();
  let cursor = '0';
  do {
    const [next, some] = await redis.scan(cursor, 'COUNT', 1_000);
    for (const key of some) keys.add(key);
    cursor = next;
  } while (cursor !== '0');
  return await Promise.all([...keys].map(async key => [key, `${key}\n${await contentOf(redis, key)}`] as const));
}

async function contentOf(redis: Redis, key: string): Promise<string> {
  const type = await redis.type(key);
  switch (type) {
    case 'string':
      return (await redis.get(key)) ?? '';
    case 'hash':
      return JSON.stringify(await redis.hgetall(key));
    case 'list':
      return JSON.stringify(await redis.lrange(key, 0, -1));
    case 'set':
      return JSON.stringify(await redis.smembers(key));
    case 'zset':
      return JSON.stringify(await redis.zrange(key, '0', '-1', 'WITHSCORES'));
    case 'stream':
      return JSON.stringify(await redis.xrange(key, '-', '+'));
    default:
      // It went meanwhile, or it is of a type that nobody has thought of, which must not pass unread.
      if (type === 'none') return '';
      throw new Error(`${key} is of the type ${type}`);
  }
}

/** The files of a folder, byte for byte. */
export async function everyFile(folder: string): Promise<Place[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return await Promise.all(files.map(async file => [relative(folder, file), await readFile(file, 'latin1')] as const));
}

const states = [
  'latest',
  'active',
  'waiting',
  'waiting-children',
  'prioritized',
  'completed',
  'failed',
  'delayed',
] as const;
const shownJobs = z.object({
  queues: z.array(z.object({ name: z.string(), jobs: z.array(z.object({ id: z.string() })) })),
});

/** Looks at all that Bull Board has: queues, jobs, their logs, and our own pages about them. */
export async function everythingOnBoard(look: (path: string) => Promise<string>): Promise<void> {
  for (const path of ['/board', '/board/api/redis/stats', '/board/api/job-schedulers']) await look(path);
  for (const queue of queueNames) {
    const ids = new Set<string>();
    for (const state of states) {
      const list = await look(`/board/api/queues?activeQueue=${queue}&status=${state}&page=1&jobsPerPage=100`);
      const { queues } = shownJobs.parse(JSON.parse(list));
      for (const { name, jobs } of queues) if (name === queue) for (const { id } of jobs) ids.add(id);
    }
    for (const part of ['metrics', 'workers', 'rate-limit', 'default-job-options'])
      await look(`/board/api/queues/${queue}/${part}`);
    for (const id of ids) {
      for (const part of ['', '/logs', '/flow'])
        await look(`/board/api/queues/${queue}/${encodeURIComponent(id)}${part}`);
      for (const path of linksIn(await look(`/board/about/${queue}/${encodeURIComponent(id)}`))) await look(path);
    }
  }
}

function linksIn(page: string): string[] {
  return [...page.matchAll(/href="(\/(?:board\/about|v1\/jobs)\/[^"]+)"/g)].map(([, path = '']) => path);
}
