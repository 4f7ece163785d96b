import { expect, it } from 'vitest';
import { MlopsError, NotNow } from '../../src/errors.ts';
import type { Meter, TryEnd } from '../../src/runtime/meter.ts';
import { cancel, done, snooze } from '../../src/runtime/outcome.ts';
import { useRedis } from '../redis-server.ts';
import { type Work, workshop } from './workshop.ts';

const redis = useRedis();

/** What a meter was told, in its spec. */
function listening() {
  const ends: TryEnd[] = [];
  const waits: (number | null)[] = [];
  const failures: [string, boolean][] = [];
  const meter: Meter = {
    tried(queue, end, tookMs, waitedMs) {
      expect(queue).toBe('tasks');
      expect(tookMs).toBeGreaterThanOrEqual(0);
      ends.push(end);
      waits.push(waitedMs);
    },
    failed: (_, code, isFinal) => void failures.push([code, isFinal]),
    stalled: () => undefined,
    lockLost: () => undefined,
    restarted: () => undefined,
  };
  return { ends, waits, failures, meter };
}

async function run(work: Work, state: string, attempts = 3) {
  const { queues, spec, work: start, reach } = workshop(redis, { attempts });
  const { meter, ...told } = listening();
  await queues.enqueue([spec('a')], { restart: 'failed' });
  const workers = await start(work, undefined, undefined, meter);
  await reach('a', state);
  await workers.stop(5_000);
  return told;
}

it('is told how each try ended, and of the first one how long the job had waited', async () => {
  let tries = 0;
  const { ends, waits, failures } = await run(async () => {
    tries++;
    if (tries === 1) return snooze(1);
    if (tries === 2) throw new NotNow(1, 'job');
    if (tries === 3) throw new NotNow(1, 'queue');
    if (tries === 4) throw new MlopsError('STORE_TROUBLE', 'a disk that stumbles');
    return done({});
  }, 'completed');
  expect(ends).toEqual(['waits', 'waits', 'waits', 'retried', 'done']);
  expect(waits[0]).toBeGreaterThanOrEqual(0);
  expect(waits.slice(1)).toEqual([null, null, null, null]);
  expect(failures).toEqual([['STORE_TROUBLE', false]]);
});

it('tells failures for good from those that are tried again, by their code', async () => {
  const final = await run(async () => {
    throw new MlopsError('BAD_INPUT', 'wrong');
  }, 'failed');
  expect(final.ends).toEqual(['failed']);
  expect(final.failures).toEqual([['BAD_INPUT', true]]);

  const used = await run(
    async () => {
      throw new Error('a bug');
    },
    'failed',
    2,
  );
  expect(used.ends).toEqual(['retried', 'failed']);
  expect(used.failures).toEqual([
    ['INTERNAL', false],
    ['INTERNAL', true],
  ]);
});

it('counts what was cancelled as no failure', async () => {
  const { ends, failures } = await run(async () => cancel('nobody wants it'), 'failed');
  expect(ends).toEqual(['cancelled']);
  expect(failures).toEqual([]);
});
