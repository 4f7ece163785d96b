import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { isCoded } from '../../src/errors.ts';
import { done } from '../../src/runtime/outcome.ts';
import { eventually } from '../eventually.ts';
import { useRedis } from '../redis-server.ts';
import { type Work, workshop } from './workshop.ts';

const redis = useRedis();

/** For tests that wait until a lock has ended. */
const shortTimes = { lockMs: 2_000, stalledEveryMs: 1_000 };

/** Work that continues until it is stopped. */
function endless() {
  const seen = { started: 0, reasons: [] as unknown[] };
  const work: Work = async (_, { signal }) => {
    seen.started++;
    if (!signal.aborted) await once(signal, 'abort');
    seen.reasons.push(signal.reason);
    throw signal.reason;
  };
  return { seen, work };
}

describe('a worker that is stopped', () => {
  it('lets an active job end within the grace period', async () => {
    const { queues, spec, work, reach } = workshop(redis);
    const gate = new EventEmitter();
    await queues.enqueue([spec('a')], { restart: 'failed' });
    const workers = await work(async () => {
      await once(gate, 'open');
      return done({ ended: true });
    });
    await reach('a', 'active');
    const stopped = workers.stop(20_000);
    gate.emit('open');
    await stopped;
    expect((await reach('a', 'completed')).returnvalue).toEqual({ ended: true });
  });

  it('takes no new job', async () => {
    const { queues, spec, work, stateOf } = workshop(redis);
    const workers = await work(async () => done({}));
    await workers.stop(1_000);
    await queues.enqueue([spec('a')], { restart: 'failed' });
    expect(await stateOf('a')).toBe('waiting');
  });

  it('hands a job back that does not end, with no try spent, and another takes it', async () => {
    const { queues, spec, work, reach } = workshop(redis, { attempts: 1 });
    const { seen, work: forever } = endless();
    const told: unknown[] = [];
    await queues.enqueue([spec('a')], { restart: 'failed' });
    const workers = await work(forever, async (_, error) => void told.push(error));
    await eventually(() => seen.started === 1);
    await workers.stop(20);
    const handedBack = await reach('a', 'waiting');
    expect(handedBack.attemptsMade).toBe(0);
    expect(isCoded(seen.reasons[0], 'ABORTED')).toBe(true);

    await work(async (_, { attempt }) => done({ attempt }));
    expect((await reach('a', 'completed')).returnvalue).toEqual({ attempt: 1 });
    expect(told).toEqual([]);
  });

  it('hands back all of several at once', async () => {
    const { queues, spec, work, reach } = workshop(redis, { concurrency: 5 });
    const { seen, work: forever } = endless();
    const names = ['a', 'b', 'c', 'd', 'e'];
    await queues.enqueue(
      names.map(name => spec(name)),
      { restart: 'failed' },
    );
    const workers = await work(forever);
    await eventually(() => seen.started === 5);
    await workers.stop(0);
    for (const name of names) await reach(name, 'waiting');
  });
});

describe('a worker that lost a job’s lock', () => {
  it('aborts the job, and does not record a failure that another may not have', async () => {
    const { queues, spec, work, connection, prefix } = workshop(redis, { attempts: 1 }, shortTimes);
    const { seen, work: forever } = endless();
    const told: unknown[] = [];
    await queues.enqueue([spec('a')], { restart: 'failed' });
    await work(forever, async (_, error) => void told.push(error));
    await eventually(() => seen.started >= 1);
    await connection.set(`${prefix}:tasks:task.a:lock`, 'another worker');
    await eventually(() => seen.reasons.length > 0);
    expect(isCoded(seen.reasons[0], 'ABORTED')).toBe(true);
    await connection.del(`${prefix}:tasks:task.a:lock`);
    // The job is nobody's now: the stalled check gives it to a worker again.
    await eventually(() => seen.started >= 2);
    expect(told).toEqual([]);
  });
});

describe('a job whose worker died', () => {
  it('is taken over by another worker', async () => {
    const { queues, spec, work, reach, connection, prefix } = workshop(redis, { attempts: 1 }, shortTimes);
    await queues.enqueue([spec('a')], { restart: 'failed' });
    // As a killed worker leaves it: active, and its lock gone.
    await connection.lrem(`${prefix}:tasks:wait`, 0, 'task.a');
    await connection.lpush(`${prefix}:tasks:active`, 'task.a');
    await work(async (_, { attempt }) => done({ attempt }));
    expect((await reach('a', 'completed')).returnvalue).toEqual({ attempt: 1 });
  });
});
