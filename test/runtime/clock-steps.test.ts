import { afterEach, describe, expect, it, vi } from 'vitest';
import { restartWaits } from '../../src/runtime/clock-steps.ts';
import { snooze } from '../../src/runtime/outcome.ts';
import { bullQueue } from '../../src/runtime/queues.ts';
import { useRedis } from '../redis-server.ts';
import { workshop } from './workshop.ts';

const redis = useRedis();
const hour = 3_600_000;

afterEach(() => {
  vi.useRealTimers();
});

/** When a waiting job is due, in ms since 1970. */
async function dueAt({ queues, connection }: ReturnType<typeof workshop>, name: string): Promise<number> {
  const score = await connection.zscore(bullQueue(queues, 'tasks').toKey('delayed'), `task.${name}`);
  return Number(score) / 0x1000;
}

describe('after the clock was set back an hour', () => {
  it.each(['snoozes', 'has failed'])('a job that %s waits no longer than it was to wait', async why => {
    const shop = workshop(redis, { backoffMs: 60_000 });
    await shop.queues.enqueue([shop.spec('a')], { restart: 'never' });
    const workers = await shop.work(async () => {
      if (why === 'has failed') throw new Error('for a while');
      return snooze(60_000);
    });
    await shop.reach('a', 'delayed');
    await workers.stop(0);
    const longestMs = why === 'snoozes' ? 60_000 : 90_000;

    const now = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: now - hour });
    expect(await restartWaits(shop.connection, shop.queues, ['tasks'])).toBe(1);
    expect(await dueAt(shop, 'a')).toBeLessThanOrEqual(now - hour + longestMs + 5_000);
    expect(await dueAt(shop, 'a')).toBeGreaterThan(now - hour);
    // Another process, or a second look, changes nothing.
    expect(await restartWaits(shop.connection, shop.queues, ['tasks'])).toBe(0);
  });

  it('no job is touched where the clock was not set', async () => {
    const shop = workshop(redis);
    await bullQueue(shop.queues, 'tasks').add('tasks', { name: 'a' }, { jobId: 'task.a', delay: hour });
    const due = await dueAt(shop, 'a');
    expect(await restartWaits(shop.connection, shop.queues, ['tasks'])).toBe(0);
    expect(await dueAt(shop, 'a')).toBe(due);
  });
});
