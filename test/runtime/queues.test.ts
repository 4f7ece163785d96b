import { describe, expect, it } from 'vitest';
import { done } from '../../src/runtime/outcome.ts';
import { useRedis } from '../redis-server.ts';
import { workshop } from './workshop.ts';

const redis = useRedis();

describe('enqueue', () => {
  it('adds what is absent, with its policy', async () => {
    const { queues, order, find } = workshop(redis, { attempts: 7, backoffMs: 9 });
    await queues.enqueue([order('a', { count: 1 })]);
    const job = await find('a');
    expect(job.data).toEqual({ name: 'a', count: 1 });
    expect(job.opts).toMatchObject({ attempts: 7, backoff: { type: 'exponential', delay: 9 } });
    expect(await job.getState()).toBe('waiting');
  });

  it('leaves what is waiting alone, its data too', async () => {
    const { queues, order, find } = workshop(redis);
    await queues.enqueue([order('a', { count: 1 }), order('a', { count: 2 })]);
    await queues.enqueue([order('a', { count: 3 })]);
    expect((await find('a')).data.count).toBe(1);
    expect(await queues.queue('tasks').getWaitingCount()).toBe(1);
  });

  it('leaves what is completed alone', async () => {
    const { queues, order, work, reach } = workshop(redis);
    let runs = 0;
    await queues.enqueue([order('a')]);
    await work(async () => done({ runs: ++runs }));
    await reach('a', 'completed');
    await queues.enqueue([order('a'), order('b')]);
    await reach('b', 'completed');
    expect((await reach('a', 'completed')).returnvalue).toEqual({ runs: 1 });
    expect(runs).toBe(2);
  });

  it('retries what has failed, with all its tries', async () => {
    const { queues, order, work, reach } = workshop(redis, { attempts: 2 });
    const tries: number[] = [];
    let broken = true;
    await queues.enqueue([order('a')]);
    await work(async (_, { attempt }) => {
      tries.push(attempt);
      if (broken || attempt === 1) throw new Error('broken');
      return done({});
    });
    await reach('a', 'failed');
    broken = false;
    await queues.enqueue([order('a'), order('a')]);
    await reach('a', 'completed');
    expect(tries).toEqual([1, 2, 1, 2]);
  });

  it('as `add` leaves what has failed alone: another job is nobody who asks to try again', async () => {
    const { queues, order, work, reach } = workshop(redis, { attempts: 1 });
    let tries = 0;
    await queues.add([order('a')]);
    await work(async payload => {
      if (payload.name === 'b') return done({});
      tries++;
      throw new Error('broken');
    });
    await reach('a', 'failed');
    await queues.add([order('a'), order('b')]);
    await reach('b', 'completed');
    await reach('a', 'failed');
    expect(tries).toBe(1);
  });

  it('as `redo` does anew what is completed, and leaves what is waiting alone', async () => {
    const { queues, order, work, reach, find } = workshop(redis);
    let runs = 0;
    await queues.add([order('a')]);
    const workers = await work(async () => done({ runs: ++runs }));
    await reach('a', 'completed');
    await workers.stop(0);
    await queues.add([order('b', { count: 1 })]);
    await queues.redo([order('a'), order('b', { count: 2 })]);
    expect(await (await find('a')).getState()).toBe('waiting');
    expect((await find('b')).data.count).toBe(1);
    await work(async () => done({ runs: ++runs }));
    await reach('b', 'completed');
    expect(runs).toBe(3);
  });

  it('takes many orders of several kinds at once, and none', async () => {
    const { queues, order } = workshop(redis);
    await queues.enqueue([]);
    await queues.enqueue(Array.from({ length: 2_500 }, (_, index) => order(String(index))));
    expect(await queues.queue('tasks').getWaitingCount()).toBe(2_500);
  });

  it('puts what is one of many last, in its order', async () => {
    const { queues, order, work, reach } = workshop(redis);
    const ran: string[] = [];
    await queues.enqueue([order('bulk 1'), order('bulk 2'), order('single')]);
    await work(async ({ name }) => {
      ran.push(name);
      return done({});
    });
    await reach('bulk 2', 'completed');
    expect(ran).toEqual(['single', 'bulk 1', 'bulk 2']);
  });
});

describe('an order', () => {
  it('has the id that its payload makes, and is refused when it is none', () => {
    const { job, order } = workshop(redis);
    expect(order('a')).toMatchObject({ queue: 'tasks', id: 'task.a', payload: { name: 'a' } });
    expect(() => job.order(JSON.parse('{"name":1}'))).toThrow();
    expect(() => job.order(JSON.parse('{"name":"a","more":1}'))).toThrow(/more/);
  });
});
