import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MlopsError, NotNow } from '../../../src/errors.ts';
import { submitTraining } from '../../../src/platform/endpoints.ts';
import { codedBy, codeOf, thrownBy } from '../../thrown.ts';
import { bench, fails, type Reply, says } from './bench.ts';

const taken = says({ jobId: 'j-1' });
const answered = (status: number, code: 'PLATFORM_UNAVAILABLE' | 'CREDENTIALS_REFUSED' = 'PLATFORM_UNAVAILABLE') =>
  fails(new MlopsError(code, `was answered ${status}`, { status }));
const lost = fails(new MlopsError('PLATFORM_UNAVAILABLE', 'at host: ECONNRESET'));
const waitMs = (outcome: unknown) =>
  typeof outcome === 'object' && outcome !== null && 'ms' in outcome ? outcome.ms : undefined;
const again = randomUUID();
const intent = (attempt: number) => `intent training-submit-r-1-${attempt}`;
const outcome = (attempt: number, became: string) => `outcome training-submit-r-1-${attempt} ${became}`;

describe('a submission', () => {
  it('that is taken is noted before it leaves, and after; then it is waited for', async () => {
    const job = await bench();
    expect(await job.run(taken)).toMatchObject({ kind: 'snooze' });
    expect(await job.kinds()).toEqual(['validated', 'submitting', 'submitted']);
    expect(await job.audited()).toEqual([intent(1), outcome(1, 'submitted')]);
    expect(job.recoveryId).toMatchObject([{ endpoint: submitTraining.name, request: { once: true } }]);
  });

  it.each([
    ['500', answered(500)],
    ['503', answered(503)],
    ['no connection', fails(new MlopsError('PLATFORM_UNREACHABLE', 'at host: ECONNREFUSED'))],
  ])('that met %s was not accepted: it is sent again after 30 s, and no try is spent', async (_case, reply) => {
    const job = await bench();
    expect(waitMs(await job.run(reply))).toBe(30_000);
    expect(await job.kinds()).toEqual(['validated', 'submitting', 'not-accepted']);
    await job.run(taken);
    expect(await job.kinds()).toEqual(['validated', 'submitting', 'not-accepted', 'submitting', 'submitted']);
    expect(await job.audited()).toEqual([intent(1), outcome(1, 'not-accepted'), intent(2), outcome(2, 'submitted')]);
  });

  it('that met a 429 is sent again when the platform says', async () => {
    const job = await bench();
    expect(await thrownBy(() => job.run(fails(new NotNow(7_000, 'queue', true))))).toMatchObject({
      ms: 7_000,
      who: 'job',
    });
    expect(await job.kinds()).toEqual(['validated', 'submitting', 'not-accepted']);
  });

  it('whose token had become invalid is sent again at once, one time', async () => {
    const job = await bench();
    expect(await job.run(answered(401, 'CREDENTIALS_REFUSED'), taken)).toMatchObject({ kind: 'snooze' });
    expect(await job.kinds()).toEqual(['validated', 'submitting', 'not-accepted', 'submitting', 'submitted']);
    expect(await job.audited()).toEqual([intent(1), outcome(1, 'not-accepted'), intent(2), outcome(2, 'submitted')]);

    const other = await bench();
    const refused = answered(401, 'CREDENTIALS_REFUSED');
    expect(await codeOf(() => other.run(refused, refused))).toBe('SUBMISSION_REFUSED');
    expect((await other.kinds()).at(-1)).toBe('submission-refused');
  });

  it('whose token had become invalid, and no new one is to be had, is known not to be taken', async () => {
    const job = await bench();
    const noToken = fails(new MlopsError('PLATFORM_UNAVAILABLE', 'the token request was answered 503'), false);
    expect(await job.run(answered(401, 'CREDENTIALS_REFUSED'), noToken)).toMatchObject({ kind: 'snooze' });
    expect(await job.kinds()).toEqual(['validated', 'submitting', 'not-accepted']);
    await job.run(taken);
    expect((await job.kinds()).at(-1)).toBe('submitted');
  });

  it.each([
    ['400', new MlopsError('PLATFORM_REFUSED', 'was answered 400 (it says: the skill is unknown)', { status: 400 })],
    ['403', new MlopsError('SCOPE_MISSING', 'lacks a scope: the skill is unknown')],
    ['404', new MlopsError('PLATFORM_NOT_FOUND', 'was answered 404: the skill is unknown', { status: 404 })],
  ])('that met %s is refused for good, with the platform’s reason', async (_case, error) => {
    const job = await bench();
    expect(await codedBy(() => job.run(fails(error)))).toMatchObject({
      code: 'SUBMISSION_REFUSED',
      verdict: 'final',
      message: expect.stringContaining('the skill is unknown'),
    });
    expect(await job.kinds()).toEqual(['validated', 'submitting', 'submission-refused']);
    expect(await codeOf(() => job.run())).toBe('SUBMISSION_REFUSED');
    expect(await job.audited()).toEqual([intent(1), outcome(1, 'submission-refused')]);
  });

  it.each<[string, Reply]>([
    ['a lost answer', lost],
    ['502', answered(502)],
    ['504', answered(504)],
    ['an answer of a wrong shape', says({ job: 'j-1' })],
    ['a worker that is stopped', fails(new MlopsError('ABORTED', 'the worker was stopped'))],
    ['what nobody thought of', fails(new TypeError('x is undefined'))],
  ])('that met %s may have been taken: nobody sends it again', async (_case, reply) => {
    const job = await bench();
    const error = await codedBy(() => job.run(reply));
    expect(error).toMatchObject({ code: 'SUBMISSION_UNKNOWN', verdict: 'final' });
    expect(error.message).toMatch(/training request r-1 .*attach .*resubmit/);
    for (const recovery of ['--attach JOBID --request', '--resubmit --request'])
      expect(error.entry.remedy).toContain(recovery);
    expect(await codeOf(() => job.run())).toBe('SUBMISSION_UNKNOWN');
    expect(job.recoveryId).toHaveLength(1);
    expect(await job.kinds()).toEqual(['validated', 'submitting', 'submission-unknown']);
    expect(await job.audited()).toEqual([intent(1), outcome(1, 'submission-unknown')]);
  });

  it.each([
    ['no slot', new NotNow(900, 'queue')],
    ['no token', new MlopsError('PLATFORM_UNAVAILABLE', 'the token request was answered 503')],
  ])('for which there is %s has not begun', async (_case, error) => {
    const job = await bench();
    await job.run(fails(error, false)).catch(() => undefined);
    expect(await job.kinds()).toEqual(['validated']);
    await job.run(taken);
    expect(await job.audited()).toEqual([intent(1), outcome(1, 'submitted')]);
  });

  it('that is never accepted is given up after 20, with the last reason', async () => {
    const job = await bench();
    for (let n = 0; n < 20; n++) expect(waitMs(await job.run(answered(503)))).toBe(30_000);
    expect(await codedBy(() => job.run())).toMatchObject({
      code: 'SUBMISSION_REFUSED',
      message: expect.stringContaining('503'),
    });
    expect(job.recoveryId).toHaveLength(20);
  });
});

describe('a worker that was killed', () => {
  it('after the submission was noted leaves it unknown', async () => {
    const job = await bench();
    await job.run(fails(new NotNow(1, 'queue'), false)).catch(() => undefined);
    const { length } = await job.trainings.read('r-1');
    await job.trainings.append('r-1', length, {
      kind: 'submitting',
      at: new Date().toISOString(),
      claim: 'job/before',
    });
    expect(await codedBy(() => job.run())).toMatchObject({
      code: 'SUBMISSION_UNKNOWN',
      message: expect.stringContaining('its worker ended'),
    });
    expect(job.recoveryId).toEqual([]);
    expect((await job.audited()).at(-1)).toBe(outcome(1, 'submission-unknown'));
  });

  it('is waited for where it may be another job’s, which has it on its way', async () => {
    const job = await bench();
    await job.run(fails(new NotNow(1, 'queue'), false)).catch(() => undefined);
    const { length } = await job.trainings.read('r-1');
    const at = new Date().toISOString();
    await job.trainings.append('r-1', length, { kind: 'submitting', at, claim: 'other/now' });
    expect(await job.run()).toMatchObject({ kind: 'snooze' });
    expect((await job.kinds()).at(-1)).toBe('submitting');
  });

  it('before the audit log had the outcome: the next one enters it', async () => {
    const job = await bench();
    await job.run(answered(503));
    const { length } = await job.trainings.read('r-1');
    const at = new Date().toISOString();
    await job.audit.intent({ id: 'training-submit-r-1-2', what: 'training.submit', by: 'ann', details: {} });
    await job.trainings.append('r-1', length, { kind: 'submitting', at, claim: 'theirs' });
    await job.trainings.append('r-1', length + 1, { kind: 'submitted', at, jobId: 'j-1' });
    await job.trainings.append('r-1', length + 2, { kind: 'cancelled', at, by: 'bob' });
    expect(await codeOf(() => job.run())).toBe('TRAINING_CANCELLED');
    expect((await job.audited()).at(-1)).toBe(outcome(2, 'submitted'));
  });

  it('or only thought to be: its answer comes late, and the job is attached', async () => {
    const job = await bench();
    const append = async (event: Parameters<typeof job.trainings.append>[2]) => {
      const { length } = await job.trainings.read('r-1');
      await job.trainings.append('r-1', length, event);
    };
    const late: Reply = {
      body: () => ({ jobId: 'j-late' }),
      before: async () => {
        const reason = { code: 'WORKER_LOST', message: 'its worker ended' };
        await append({ kind: 'submission-unknown', at: new Date().toISOString(), reason });
      },
    };
    expect(await job.run(late)).toMatchObject({ kind: 'snooze' });
    expect((await job.trainings.read('r-1')).state).toMatchObject({ name: 'polling', jobId: 'j-late', attempts: 1 });
    expect(await job.kinds()).toEqual(['validated', 'submitting', 'submission-unknown', 'attached']);
  });
});

describe('a recovery', () => {
  const running = says({ jobId: 'j-9', status: 'RUNNING', progress: 5 });

  it('is to attach the platform’s job, which is looked for first', async () => {
    const job = await bench();
    await job.run(lost).catch(() => undefined);
    job.forget();
    expect(await job.recover({ attach: 'j-9', recoveryId: again }, running)).toMatchObject({ kind: 'snooze' });
    expect((await job.kinds()).at(-1)).toBe('attached');

    const other = await bench();
    await other.run(lost).catch(() => undefined);
    const gone = fails(new MlopsError('PLATFORM_NOT_FOUND', 'was answered 404', { status: 404 }));
    expect(await codeOf(() => other.recover({ attach: 'j-9', recoveryId: again }, gone))).toBe('PLATFORM_NOT_FOUND');
    expect((await other.kinds()).at(-1)).toBe('submission-unknown');
  });

  it('is to submit once more: once for each asking, however often its job runs', async () => {
    const job = await bench();
    await job.run(lost).catch(() => undefined);
    expect(await codeOf(() => job.recover({ attach: null, recoveryId: again }, lost))).toBe('SUBMISSION_UNKNOWN');
    expect(await codeOf(() => job.recover({ attach: null, recoveryId: again }))).toBe('SUBMISSION_UNKNOWN');
    expect(job.recoveryId).toHaveLength(2);
    expect(await job.recover({ attach: null, recoveryId: randomUUID() }, taken)).toMatchObject({ kind: 'snooze' });
    expect(job.recoveryId).toHaveLength(3);
  });

  it('is refused where there is nothing to recover', async () => {
    const job = await bench();
    expect(await codeOf(() => job.recover({ attach: 'j-9', recoveryId: again }))).toBe('TRAINING_NOT_FOUND');
    await job.run(lost).catch(() => undefined);
    await job.recover({ attach: 'j-9', recoveryId: again }, running);
    expect(await job.recover({ attach: null, recoveryId: randomUUID() })).toMatchObject({ kind: 'snooze' });
    expect((await job.kinds()).at(-1)).toBe('attached');
  });
});
