import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MlopsError, NotNow } from '../../../src/errors.ts';
import { closeIfCancelled } from '../../../src/store/trainings/close-cancelled.ts';
import { codeOf, thrownBy } from '../../thrown.ts';
import { bench, fails, type Reply, says } from './bench.ts';

const id = 'train.r-1';
const taken = says({ jobId: 'j-1' });
const status = (fields: object = {}) => says({ jobId: 'j-1', status: 'RUNNING', progress: 5, ...fields });
const completed = status({ status: 'COMPLETED', progress: 100 });
const evaluation = says({
  labels: [{ id: 'a', name: 'A' }],
  predictions: ['a'],
  actuals: ['a'],
  trainingDurationSeconds: 1,
});
const noSlot = fails(new NotNow(900, 'queue'), false);
const busy = fails(new MlopsError('PLATFORM_UNAVAILABLE', 'was answered 503', { status: 503 }));
const lost = fails(new MlopsError('PLATFORM_UNAVAILABLE', 'at host: ECONNRESET'));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

async function opened() {
  const job = await bench();
  const mark = async () => {
    await job.resources.cancellations.cancel(id, 'ada');
  };
  return {
    ...job,
    mark,
    /** As `DELETE` does. */
    cancel: async () => {
      await mark();
      return (await closeIfCancelled('r-1', id, job.resources)).state;
    },
    /** The job waits; the clock is put to when it comes back. */
    turn: async (...replies: Reply[]) => {
      const outcome = await job.run(...replies);
      if (outcome.kind !== 'snooze') throw new Error(`not waiting, but ${outcome.kind}`);
      vi.setSystemTime(Date.now() + outcome.ms);
    },
    last: async () => (await job.kinds()).at(-1),
    openIntents: async () => {
      const { findings, openIntents } = await job.audit.verify();
      expect(findings).toEqual([]);
      return openIntents.map(each => each.id);
    },
  };
}

describe('a training that nobody wants any more', () => {
  it('does not begin', async () => {
    const job = await opened();
    expect(await job.cancel()).toBeNull();
    expect(await thrownBy(() => job.run())).toMatchObject({ name: 'Cancelled' });
    expect([await job.kinds(), job.recoveryId, await job.audited()]).toEqual([[], [], []]);
  });

  it.each([
    ['while it waits for a slot', noSlot, ['validated', 'cancelled']],
    ['after it was not accepted', busy, ['validated', 'submitting', 'not-accepted', 'cancelled']],
  ])('%s is not submitted; the audit log tells what came of it', async (_case, reply, kinds) => {
    const job = await opened();
    await job.run(reply).catch(() => undefined);
    const recoveryId = job.recoveryId.length;
    expect(await job.cancel()).toMatchObject({ name: 'cancelled', jobId: null, by: 'ada' });
    expect(await job.run()).toEqual({ kind: 'cancel', reason: expect.stringContaining('ada') });
    expect(await job.run()).toMatchObject({ kind: 'cancel' });
    expect([await job.kinds(), job.recoveryId.length]).toEqual([kinds, recoveryId]);
    expect((await job.audited()).at(-1)).toMatch(/^outcome training-submit-r-1-\d withdrawn$/);
    expect(await job.openIntents()).toEqual([]);
  });

  it('at the very last moment before it leaves is not submitted', async () => {
    const job = await opened();
    const { cxone } = job.resources;
    const ask = cxone.ask.bind(cxone);
    cxone.ask = async (endpoint, request, signal) => {
      await job.cancel();
      return await ask(endpoint, request, signal);
    };
    expect(await job.run(taken)).toMatchObject({ kind: 'cancel' });
    expect([await job.kinds(), job.recoveryId]).toEqual([['validated', 'cancelled'], []]);
    expect(await job.openIntents()).toEqual([]);
  });

  it('while the submission is on its way is left alone once that is known', async () => {
    const job = await opened();
    const late: Reply = {
      body: () => ({ jobId: 'j-1' }),
      before: async () => {
        expect(await job.cancel()).toMatchObject({ name: 'submitting' });
      },
    };
    expect(await job.run(late)).toMatchObject({ kind: 'cancel' });
    expect(await job.kinds()).toEqual(['validated', 'submitting', 'submitted', 'cancelled']);
    expect((await job.audited()).at(-1)).toBe('outcome training-submit-r-1-1 submitted');
  });

  it('and whose answer is lost is unknown all the same', async () => {
    const job = await opened();
    expect(await codeOf(() => job.run({ ...lost, before: job.mark }))).toBe('SUBMISSION_UNKNOWN');
    expect(await job.last()).toBe('submission-unknown');
    expect(await job.recover({ attach: null, recoveryId: randomUUID() })).toMatchObject({ kind: 'cancel' });
    expect(job.recoveryId).toHaveLength(1);
  });

  it('is not recoveryId about any more, also where only the mark was set', async () => {
    for (const how of ['cancel', 'mark'] as const) {
      const job = await opened();
      await job.turn(taken);
      await job.turn(status());
      await job[how]();
      expect(await job.run()).toMatchObject({ kind: 'cancel' });
      expect((await job.trainings.read('r-1')).state).toMatchObject({ name: 'cancelled', jobId: 'j-1', by: 'ada' });
      expect(job.recoveryId).toHaveLength(2);
      expect(await job.openIntents()).toEqual([]);
    }
  });

  it('when it has ended is not evaluated, or not registered', async () => {
    const ended = await opened();
    await ended.turn(taken);
    const during = (reply: Reply, job: typeof ended): Reply => ({
      ...reply,
      before: async () => {
        await job.cancel();
      },
    });
    expect(await ended.run(completed, during(evaluation, ended))).toMatchObject({ kind: 'cancel' });
    expect(await ended.last()).toBe('cancelled');

    const evaluated = await opened();
    await evaluated.turn(taken);
    await evaluated.turn(completed, evaluation, busy);
    await evaluated.cancel();
    expect(await evaluated.run()).toMatchObject({ kind: 'cancel' });
    expect((await evaluated.kinds()).slice(-2)).toEqual(['evaluated', 'cancelled']);
    expect(await evaluated.resources.models.list()).toEqual([]);
  });
});

it('a training that the platform cancelled has failed: nobody here has cancelled it', async () => {
  const job = await opened();
  await job.turn(taken);
  expect(await codeOf(() => job.run(status({ status: 'CANCELLED' })))).toBe('TRAINING_CANCELLED');
});
