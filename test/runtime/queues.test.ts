import { describe, expect, it } from 'vitest';
import { done } from '../../src/runtime/outcome.ts';
import { bullQueue } from '../../src/runtime/queues.ts';
import { useRedis } from '../redis-server.ts';
import { workshop } from './workshop.ts';

const redis = useRedis();

describe('enqueue', () => {
  it('adds what is absent, with its policy', async () => {
    const { queues, spec, find } = workshop(redis, { attempts: 7, backoffMs: 9 });
    await queues.enqueue([spec('a', { count: 1 })], { restart: 'failed' });
    const job = await find('a');
    expect(job.data).toEqual({ name: 'a', count: 1 });
    expect(job.opts).toMatchObject({ attempts: 7, backoff: { type: 'exponential', delay: 9 } });
    expect(await job.getState()).toBe('waiting');
  });

  it('leaves what is waiting alone, its data too', async () => {
    const { queues, spec, find } = workshop(redis);
    await queues.enqueue([spec('a', { count: 1 }), spec('a', { count: 2 })], { restart: 'failed' });
    await queues.enqueue([spec('a', { count: 3 })], { restart: 'failed' });
    expect((await find('a')).data.count).toBe(1);
    expect(await bullQueue(queues, 'tasks').getWaitingCount()).toBe(1);
  });

  it('leaves what is completed alone', async () => {
    const { queues, spec, work, reach } = workshop(redis);
    let runs = 0;
    await queues.enqueue([spec('a')], { restart: 'failed' });
    await work(async () => done({ runs: ++runs }));
    await reach('a', 'completed');
    await queues.enqueue([spec('a'), spec('b')], { restart: 'failed' });
    await reach('b', 'completed');
    expect((await reach('a', 'completed')).returnvalue).toEqual({ runs: 1 });
    expect(runs).toBe(2);
  });

  it('retries what has failed, with all its tries', async () => {
    const { queues, spec, work, reach } = workshop(redis, { attempts: 2 });
    const tries: number[] = [];
    let broken = true;
    await queues.enqueue([spec('a')], { restart: 'failed' });
    await work(async (_, { attempt }) => {
      tries.push(attempt);
      if (broken || attempt === 1) throw new Error('broken');
      return done({});
    });
    await reach('a', 'failed');
    broken = false;
    await queues.enqueue([spec('a'), spec('a')], { restart: 'failed' });
    await reach('a', 'completed');
    expect(tries).toEqual([1, 2, 1, 2]);
  });

  it('as `add` leaves what has failed alone: another job is nobody who asks to try again', async () => {
    const { queues, spec, work, reach } = workshop(redis, { attempts: 1 });
    let tries = 0;
    await queues.enqueue([spec('a')], { restart: 'never' });
    await work(async payload => {
      if (payload.name === 'b') return done({});
      tries++;
      throw new Error('broken');
    });
    await reach('a', 'failed');
    await queues.enqueue([spec('a'), spec('b')], { restart: 'never' });
    await reach('b', 'completed');
    await reach('a', 'failed');
    expect(tries).toBe(1);
  });

  it('as `redo` does anew what is completed, and leaves what is waiting alone', async () => {
    const { queues, spec, work, reach, find } = workshop(redis);
    let runs = 0;
    await queues.enqueue([spec('a')], { restart: 'never' });
    const workers = await work(async () => done({ runs: ++runs }));
    await reach('a', 'completed');
    await workers.stop(0);
    await queues.enqueue([spec('b', { count: 1 })], { restart: 'never' });
    await queues.enqueue([spec('a'), spec('b', { count: 2 })], { restart: 'always' });
    expect(await (await find('a')).getState()).toBe('waiting');
    expect((await find('b')).data.count).toBe(1);
    await work(async () => done({ runs: ++runs }));
    await reach('b', 'completed');
    expect(runs).toBe(3);
  });

  it('takes many specs of several kinds at once, and none', async () => {
    const { queues, spec } = workshop(redis);
    await queues.enqueue([], { restart: 'failed' });
    await queues.enqueue(
      Array.from({ length: 2_500 }, (_, index) => spec(String(index))),
      { restart: 'failed' },
    );
    expect(await bullQueue(queues, 'tasks').getWaitingCount()).toBe(2_500);
  });

  it('puts what is one of many last, in its order', async () => {
    const { queues, spec, work, reach } = workshop(redis);
    const ran: string[] = [];
    await queues.enqueue([spec('bulk 1'), spec('bulk 2'), spec('single')], { restart: 'failed' });
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
    const { job, spec } = workshop(redis);
    expect(spec('a')).toMatchObject({ queue: 'tasks', id: 'task.a', payload: { name: 'a' } });
    expect(() => job.spec(JSON.parse('{"name":1}'))).toThrow();
    expect(() => job.spec(JSON.parse('{"name":"a","more":1}'))).toThrow(/more/);
  });
});
