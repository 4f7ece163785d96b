import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Cancelled, MlopsError, NotNow } from '../../src/errors.ts';
import { classify } from '../../src/runtime/classify.ts';
import { cancel, done, snooze } from '../../src/runtime/outcome.ts';
import { bullQueue } from '../../src/runtime/queues.ts';
import { eventually } from '../eventually.ts';
import { useRedis } from '../redis-server.ts';
import { workshop } from './workshop.ts';

const redis = useRedis();

describe('an outcome', () => {
  it('done keeps the result, and adds what is next before the job counts as completed', async () => {
    const { queues, spec, work, reach, stateOf } = workshop(redis);
    const states: string[] = [];
    const watching = {
      ...queues,
      enqueue: async (...[specs, options]: Parameters<typeof queues.enqueue>) => {
        if (specs.length > 0) states.push(await stateOf('a'));
        await queues.enqueue(specs, options);
      },
    };
    await queues.enqueue([spec('a')], { restart: 'failed' });
    await work(async ({ name }) => done({ name }, { next: name === 'a' ? [spec('b')] : [] }), undefined, watching);
    expect((await reach('a', 'completed')).returnvalue).toEqual({ name: 'a' });
    expect((await reach('b', 'completed')).returnvalue).toEqual({ name: 'b' });
    expect(states).toEqual(['active']);
  });

  it('done is tried again when what is next could not be added', async () => {
    const { queues, spec, work, reach } = workshop(redis);
    let broken = true;
    const breaking = {
      ...queues,
      enqueue: async (...[specs, options]: Parameters<typeof queues.enqueue>) => {
        if (broken) {
          broken = false;
          throw new Error('Redis is full');
        }
        await queues.enqueue(specs, options);
      },
    };
    await queues.enqueue([spec('a')], { restart: 'failed' });
    await work(async ({ name }) => done({}, { next: name === 'a' ? [spec('b')] : [] }), undefined, breaking);
    await reach('b', 'completed');
    expect((await reach('a', 'completed')).attemptsMade).toBe(2);
  });

  it('cancelled, by whom it may be, ends the job at once and counts as no failure', async () => {
    const { queues, spec, work, reach } = workshop(redis);
    const failures: string[] = [];
    await queues.enqueue([spec('a'), spec('b')], { restart: 'failed' });
    await work(
      async ({ name }) => {
        if (name === 'b') return cancel('nobody wants it');
        throw new Cancelled('nobody wants it');
      },
      async ({ name }) => void failures.push(name),
    );
    for (const name of ['a', 'b'])
      expect(await reach(name, 'failed')).toMatchObject({
        attemptsMade: 1,
        failedReason: 'CANCELLED: nobody wants it',
      });
    expect(failures).toEqual([]);
  });

  it('snooze spends no try, and enqueues what is next meanwhile', async () => {
    const { queues, spec, work, reach } = workshop(redis, { attempts: 1 });
    const tries: [string, number][] = [];
    await queues.enqueue([spec('a')], { restart: 'failed' });
    await work(async ({ name }, { attempt }) => {
      tries.push([name, attempt]);
      return name === 'a' && tries.length < 6 ? snooze(1, { next: [spec('b')] }) : done({});
    });
    await reach('b', 'completed');
    await reach('a', 'completed');
    const ofA = tries.filter(([name]) => name === 'a');
    expect(ofA.length).toBeGreaterThan(2);
    expect(ofA.every(([, attempt]) => attempt === 1)).toBe(true);
    expect(tries.filter(([name]) => name === 'b')).toHaveLength(1);
  });

  it('cancel is final and visible, and no failure of the handler', async () => {
    const { queues, spec, work, reach } = workshop(redis);
    let failures = 0;
    await queues.enqueue([spec('a')], { restart: 'failed' });
    await work(
      async () => cancel('nobody wants it'),
      async () => void failures++,
    );
    const job = await reach('a', 'failed');
    expect(job.failedReason).toBe('CANCELLED: nobody wants it');
    expect(job.attemptsMade).toBe(1);
    expect(failures).toBe(0);
  });

  it('that nobody knows fails, and does not count as success', async () => {
    const { queues, spec, work, reach } = workshop(redis);
    await queues.enqueue([spec('a'), spec('b')], { restart: 'failed' });
    await work(async ({ name }) => JSON.parse(name === 'a' ? '{"kind":"finished"}' : '{}'));
    for (const name of ['a', 'b']) expect((await reach(name, 'failed')).failedReason).toMatch(/^UNKNOWN_OUTCOME/);
  });
});

describe('a thrown error', () => {
  it('that is final fails at once, and tells the handler once', async () => {
    const { queues, spec, work, reach } = workshop(redis);
    const told: string[] = [];
    let runs = 0;
    await queues.enqueue([spec('a')], { restart: 'failed' });
    await work(
      async () => {
        runs++;
        throw new MlopsError('PLATFORM_REFUSED', 'it said no');
      },
      async ({ name }, error) => void told.push(`${name} ${error.code}`),
    );
    expect((await reach('a', 'failed')).failedReason).toBe('PLATFORM_REFUSED: it said no');
    expect(told).toEqual(['a PLATFORM_REFUSED']);
    expect(runs).toBe(1);
  });

  it('that is worth a retry gets all tries, and tells the handler once, at the last', async () => {
    const { queues, spec, work, reach } = workshop(redis);
    const told: number[] = [];
    const tries: number[] = [];
    await queues.enqueue([spec('a')], { restart: 'failed' });
    await work(
      async (_, { attempt }) => {
        tries.push(attempt);
        throw new MlopsError('PLATFORM_UNAVAILABLE', 'down');
      },
      async (_, __, { attempt }) => void told.push(attempt),
    );
    expect((await reach('a', 'failed')).failedReason).toBe('PLATFORM_UNAVAILABLE: down');
    expect(tries).toEqual([1, 2, 3]);
    expect(told).toEqual([3]);
  });

  it('of a handler’s record of it does not hide the failure', async () => {
    const { queues, spec, work, reach } = workshop(redis);
    await queues.enqueue([spec('a')], { restart: 'failed' });
    await work(
      async () => {
        throw new MlopsError('BAD_INPUT', 'wrong');
      },
      async () => {
        throw new Error('the store is full');
      },
    );
    expect((await reach('a', 'failed')).failedReason).toBe('BAD_INPUT: wrong');
  });

  it('of a parser, which quotes a customer, does not show its text', async () => {
    const { queues, spec, work, reach } = workshop(redis, { attempts: 1 });
    await queues.enqueue([spec('a')], { restart: 'failed' });
    await work(async () => JSON.parse('my card number is 4111'));
    const job = await reach('a', 'failed');
    expect(job.failedReason).toMatch(/^INTERNAL: SyntaxError/);
    expect(JSON.stringify([job.failedReason, job.stacktrace])).not.toMatch(/card|4111/);
  });

  it('NotNow for the job delays it alone, without a try', async () => {
    const { queues, spec, work, reach } = workshop(redis, { attempts: 1 });
    await queues.enqueue([spec('a'), spec('b')], { restart: 'failed' });
    await work(async ({ name }) => {
      if (name === 'a') throw new NotNow(600_000, 'job');
      return done({});
    });
    await reach('b', 'completed');
    const job = await reach('a', 'delayed');
    expect(job.attemptsMade).toBe(0);
  });

  it('NotNow for the queue holds it for every worker, without a try', async () => {
    const { queues, spec, work, reach, stateOf } = workshop(redis, { attempts: 1 });
    const ran: string[] = [];
    const run = async ({ name }: { name: string }) => {
      ran.push(name);
      if (ran.length === 1) throw new NotNow(600_000, 'queue');
      return done({});
    };
    await work(run);
    await queues.enqueue([spec('a')], { restart: 'failed' });
    const queue = bullQueue(queues, 'tasks');
    await eventually(async () => (await queue.getRateLimitTtl()) > 1_000);
    await work(run);
    await queues.enqueue([spec('b')], { restart: 'failed' });
    expect(await stateOf('a')).toBe('waiting');
    expect(ran).toEqual(['a']);
    await queue.removeRateLimitKey();
    await work(run);
    await reach('a', 'completed');
    await reach('b', 'completed');
    expect(ran).toEqual(['a', 'a', 'b']);
  });
});

describe('a job that is refused', () => {
  it('with an unknown field or a wrong one is final, and names it without its value', async () => {
    const { queues, work, reach } = workshop(redis);
    let runs = 0;
    const add = (name: string, data: object) =>
      bullQueue(queues, 'tasks').add('tasks', data, { jobId: `task.${name}`, attempts: 3 });
    await add('a', { name: 'a', colour: 'hush' });
    await add('b', { name: 'b', count: 'hush' });
    await work(async () => done({ runs: ++runs }));
    for (const [name, field] of [
      ['a', 'colour'],
      ['b', 'count'],
    ] as const) {
      const job = await reach(name, 'failed');
      expect(job.failedReason).toMatch(/^BAD_PAYLOAD: .*tasks/);
      expect(job.failedReason).toContain(field);
      expect(job.failedReason).not.toContain('hush');
      expect(job.attemptsMade).toBe(1);
    }
    expect(runs).toBe(0);
  });

  it('because it is another tenant’s is not touched', async () => {
    const { queues, spec, work, reach } = workshop(redis);
    const ran: string[] = [];
    await queues.enqueue([spec('a', { tenant: 'theirs' }), spec('b', { tenant: 'ours' })], { restart: 'failed' });
    await work(async ({ name }) => {
      ran.push(name);
      return done({});
    });
    expect((await reach('a', 'failed')).failedReason).toMatch(/^TENANT_MISMATCH: .*theirs.*ours/);
    await reach('b', 'completed');
    expect(ran).toEqual(['b']);
  });

  it('because it killed all its workers says so', async () => {
    const { queues, spec, work, reach, connection, prefix } = workshop(redis);
    await queues.enqueue([spec('a')], { restart: 'failed' });
    await connection.hset(`${prefix}:tasks:task.a`, 'stc', 25);
    await work(async () => done({}));
    expect((await reach('a', 'failed')).failedReason).toMatch(/^WORKER_CRASHED_REPEATEDLY: 25 workers/);
  });

  it('because it takes too long is aborted, and fails as timed out', async () => {
    const { queues, spec, work, reach } = workshop(redis, { timeoutMs: 30, attempts: 2 });
    let aborted = 0;
    await queues.enqueue([spec('a')], { restart: 'failed' });
    await work(async (_, { signal }) => {
      if (!signal.aborted) await once(signal, 'abort');
      aborted++;
      throw signal.reason;
    });
    expect((await reach('a', 'failed')).failedReason).toMatch(/^TIMED_OUT/);
    expect(aborted).toBe(2);
  });
});

describe('progress', () => {
  it('shows on the job', async () => {
    const { queues, spec, work, reach } = workshop(redis);
    await queues.enqueue([spec('a')], { restart: 'failed' });
    await work(async (_, { progress }) => {
      await progress({ done: 3, of: 7 });
      return done({});
    });
    expect((await reach('a', 'completed')).progress).toEqual({ done: 3, of: 7 });
  });
});

describe('classify', () => {
  it('keeps a coded error as it is', () => {
    const error = new MlopsError('BAD_INPUT', 'x');
    expect(classify(error, undefined)).toBe(error);
  });

  it('takes anything else as worth a retry, naming what it was', () => {
    const refused = Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' });
    const cases: [unknown, string][] = [
      [new TypeError('x is no function'), 'TypeError: x is no function'],
      [refused, 'Error ECONNREFUSED: connect refused'],
      ['text', 'string'],
      [undefined, 'undefined'],
      [new SyntaxError('Unexpected token in "hush"'), 'SyntaxError'],
    ];
    for (const [thrown, message] of cases)
      expect(classify(thrown, undefined)).toMatchObject({ code: 'INTERNAL', verdict: 'retry', message });
  });

  it('takes what an abort threw as the abort’s reason', () => {
    const reason = new MlopsError('ABORTED', 'enough');
    expect(classify(new Error('interrupted'), reason)).toBe(reason);
  });
});
