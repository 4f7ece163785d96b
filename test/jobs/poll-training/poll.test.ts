import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MlopsError, NotNow } from '../../../src/errors.ts';
import { codedBy, codeOf, thrownBy } from '../../thrown.ts';
import { bench, fails, type Reply, says } from './bench.ts';

const second = 1_000;
const status = (fields: object = {}) => says({ jobId: 'j-1', status: 'RUNNING', progress: 5, ...fields });
const down = fails(new MlopsError('PLATFORM_UNAVAILABLE', 'was answered 503', { status: 503 }));
const evaluated = says({
  labels: [{ id: 'a', name: 'A' }],
  predictions: ['a'],
  actuals: ['a'],
  trainingDurationSeconds: 1,
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A request that was submitted just now. */
async function submitted(maxPolls = 60) {
  const job = await bench({ maxPolls });
  /** Runs the job, and puts the clock to when it wants to be run again. */
  const turn = async (...replies: Reply[]): Promise<number> => {
    const outcome = await job.run(...replies);
    if (outcome.kind !== 'snooze') throw new Error(`not waiting, but ${outcome.kind}`);
    vi.setSystemTime(Date.now() + outcome.ms);
    return outcome.ms;
  };
  expect(await turn(says({ jobId: 'j-1' }))).toBe(2 * second);
  /** Runs the job until the platform has replied. */
  const meet = async (reply: Reply): Promise<void> => {
    const before = job.recoveryId.length;
    await turn(reply);
    while (job.recoveryId.length === before) await turn();
  };
  const polledAt = () => job.recoveryId.slice(1).map(({ at }) => at);
  const intervals = () => polledAt().flatMap((at, index, all) => (index === 0 ? [] : [at - (all[index - 1] ?? 0)]));
  return { ...job, turn, meet, intervals };
}

describe('polls', () => {
  it('come 2 s after the submission, and then ever less often', async () => {
    const job = await submitted();
    for (let n = 0; n < 10; n++) await job.turn(status());
    expect(job.intervals()).toEqual([2000, 3000, 4500, 6750, 10_125, 15_188, 22_781, 30_000, 30_000]);
  });

  it('count their interval from the answer: a slow one makes no haste', async () => {
    const job = await submitted();
    const slow: Reply = {
      body: () => {
        vi.setSystemTime(Date.now() + 1_500);
        return { jobId: 'j-1', status: 'RUNNING', progress: 1 };
      },
    };
    await job.turn(slow);
    await job.turn(status());
    expect(job.intervals()).toEqual([3_500]);
  });

  it('are not made early, however often the job is run', async () => {
    const job = await submitted();
    await job.turn(status());
    vi.setSystemTime(Date.now() - 1_200);
    expect(await job.run()).toMatchObject({ kind: 'snooze', ms: 1_200 });
    expect(await job.run()).toMatchObject({ kind: 'snooze', ms: 1_200 });
    expect(job.recoveryId).toHaveLength(2);
  });

  it('end, with the job’s id, after as many answers as are allowed', async () => {
    const job = await submitted(3);
    await job.turn(status());
    await job.turn(status());
    const error = await codedBy(() => job.run(status()));
    expect(error).toMatchObject({ code: 'TRAINING_TIMED_OUT', verdict: 'final' });
    expect(error.message).toContain('attach to j-1');
    expect((await job.kinds()).at(-1)).toBe('timed-out');
    expect(await codeOf(() => job.run())).toBe('TRAINING_TIMED_OUT');
  });

  it('that were cut off by a restart are waited for as if they had been answered', async () => {
    const job = await submitted();
    await job.turn(status());
    await job.turn(status());
    // The question has left; its worker has not lived to hear the answer.
    const cut = job.run(fails(new NotNow(1, 'queue')));
    expect(await cut).toMatchObject({ kind: 'snooze' });
    expect(job.shown()).toMatchObject({ polls: 2 });
    const killed = await submitted();
    await killed.turn(status());
    await killed.run(fails(new MlopsError('ABORTED', 'told to stop')));
    expect(await killed.run()).toMatchObject({ kind: 'snooze', ms: 2_000 });
    expect(killed.shown()).toMatchObject({ polls: 1 });
  });

  it('of which nobody knows any more begin anew, 2 s from now', async () => {
    const job = await submitted();
    for (let n = 0; n < 4; n++) await job.turn(status());
    job.forget();
    expect(await job.turn()).toBe(2 * second);
    await job.turn(status());
    expect(job.shown()).toMatchObject({ polls: 1 });
  });

  it('are made within a minute, though the clock was set back', async () => {
    const job = await submitted();
    await job.turn(status());
    vi.setSystemTime(Date.now() - 3_600_000);
    expect(await job.run()).toMatchObject({ kind: 'snooze', ms: 60_000 });
  });
});

describe('a 429', () => {
  const refused = (ms: number, isTold: boolean) => fails(new NotNow(ms, 'queue', isTold));

  it('without a Retry-After doubles the interval, up to a minute, and is no answer', async () => {
    const job = await submitted(3);
    await job.turn(status());
    const waits: number[] = [];
    for (let n = 0; n < 6; n++) waits.push(await job.turn(refused(1_100, false)));
    expect(waits).toEqual([4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    expect(job.shown()).toMatchObject({ polls: 1, refusals: 6 });
    expect(await job.turn(status())).toBe(3_000);
    expect(job.shown()).toMatchObject({ polls: 2, refusals: 0 });
  });

  it('with one is waited for as long, but never under 2 s', async () => {
    const job = await submitted();
    await job.turn(status());
    expect(await job.turn(refused(7_000, true))).toBe(7_000);
    expect(await job.turn(refused(1_000, true))).toBe(2_000);
  });

  it('that somebody else met holds this one back before it leaves', async () => {
    const job = await submitted();
    const held = job.run(fails(new NotNow(5_000, 'queue'), false));
    await expect(held).rejects.toMatchObject({ ms: 5_000, who: 'job' });
    expect(job.shown()).toMatchObject({ polls: 0, refusals: 0 });
  });
});

describe('trouble', () => {
  it('spends no try, keeps the interval, and is forgotten with the next answer', async () => {
    const job = await submitted();
    await job.turn(status());
    for (let n = 0; n < 9; n++) await job.meet(down);
    expect(Math.min(...job.intervals())).toBeGreaterThanOrEqual(2_000);
    expect(job.shown()).toMatchObject({ troubles: 9, polls: 1 });
    await job.meet(status());
    expect(job.shown()).toMatchObject({ troubles: 0, polls: 2 });
  });

  it('that does not pass fails the job in the end', async () => {
    const job = await submitted();
    for (let n = 0; n < 10; n++) await job.meet(down);
    const error = await thrownBy(() => job.meet(down));
    expect(error).toMatchObject({ code: 'PLATFORM_UNAVAILABLE', verdict: 'retry' });
  });

  it('after the training has ended is counted too, and the training not recoveryId about again', async () => {
    const job = await submitted();
    await job.turn(status({ status: 'COMPLETED', progress: 100, computeUnitsUsed: 7 }), down);
    const before = job.recoveryId.length;
    for (let n = 0; n < 9; n++) await job.turn(down);
    expect(job.recoveryId.slice(before).map(({ endpoint }) => endpoint)).toEqual(
      Array.from({ length: 9 }, () => expect.stringContaining('/evaluation')),
    );
    expect(job.shown()).toMatchObject({ troubles: 10 });
    await expect(job.run(down)).rejects.toMatchObject({ code: 'PLATFORM_UNAVAILABLE' });
    await job.run(evaluated, down);
    expect(job.shown()).toMatchObject({ stage: 'exporting', troubles: 1 });
    expect((await job.trainings.read('r-1')).state).toMatchObject({
      name: 'evaluated',
      evaluated: { computeUnits: { allocated: null, used: 7 } },
    });
  });

  it('that is final fails at once', async () => {
    const job = await submitted();
    expect(await codeOf(() => job.run(says({ jobId: 'j-1', status: 'RUNNING' })))).toBe('PLATFORM_WRONG_SHAPE');
  });
});

describe('the end of a training', () => {
  it.each([
    ['FAILED', { failureReason: 'The loss\n is not finite.' }, 'TRAINING_FAILED', 'The loss is not finite.'],
    ['FAILED', {}, 'TRAINING_FAILED', 'gives no reason'],
    ['CANCELLED', {}, 'TRAINING_CANCELLED', 'cancelled by the platform'],
  ])('%s %j is final', async (name, fields, code, said) => {
    const job = await submitted();
    const error = await codedBy(() => job.run(status({ status: name, ...fields })));
    expect(error).toMatchObject({ code, verdict: 'final' });
    expect(error.message).toContain(said);
    expect(await codeOf(() => job.run())).toBe(code);
  });

  it('that the platform does not know is unknown, once it has said so more than a few times', async () => {
    const job = await submitted();
    const gone = fails(new MlopsError('PLATFORM_NOT_FOUND', 'was answered 404', { status: 404 }));
    for (let trouble = 1; trouble <= 3; trouble++) {
      expect(await job.run(gone)).toMatchObject({ kind: 'snooze' });
      vi.setSystemTime(Date.now() + 60_000);
    }
    expect(await codeOf(() => job.run(gone))).toBe('SUBMISSION_UNKNOWN');
    expect((await job.kinds()).at(-1)).toBe('submission-unknown');
  });

  it('with a fallback among the predictions and an unknown duration is evaluated all the same', async () => {
    const job = await submitted();
    const evaluation = says({
      labels: [{ id: 'a', name: 'A' }],
      predictions: ['a', 'nlu_fallback'],
      actuals: ['a', 'a'],
      trainingDurationSeconds: null,
    });
    await codeOf(() => job.run(status({ status: 'COMPLETED', progress: 100 }), evaluation)).catch(() => undefined);
    expect(await job.kinds()).toContain('evaluated');
  });

  it.each([
    [{ predictions: ['a', 'a'], actuals: ['a'] }, 'predictions', '2 predictions for 1 actuals'],
    [{ predictions: ['a'], actuals: ['secret'] }, 'actuals[0]', 'actuals[0]'],
  ])('with the evaluation %j is no result: the place is named, the label is not', async (fields, where, said) => {
    const job = await submitted();
    const evaluation = says({ labels: [{ id: 'a', name: 'A' }], trainingDurationSeconds: 1, ...fields });
    const error = await codedBy(() => job.run(status({ status: 'COMPLETED', progress: 100 }), evaluation));
    expect(error).toMatchObject({ code: 'PLATFORM_WRONG_SHAPE', where });
    expect(error.message).toContain(said);
    expect(error.message).not.toContain('secret');
  });
});
