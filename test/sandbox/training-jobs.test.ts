import { describe, expect, it } from 'vitest';
import { submitTraining } from '../../src/platform/endpoints.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { askLog, start, tenant, tokenOf } from './tenant.ts';
import { askJob, jobOf, submit, submitted, trainingSet, trainingToken } from './trainings.ts';

const second = 1_000;

describe('a training', () => {
  it('goes through its stages with the clock', async () => {
    const sandbox = await tenant({ training: { seconds: 100 } });
    const token = await trainingToken(sandbox);
    const jobId = await submitted(sandbox, token);
    expect(await jobOf(sandbox, token, jobId)).toEqual({ jobId, status: 'QUEUED', stage: 'QUEUED', progress: 0 });

    const seen: unknown[] = [];
    for (const seconds of [9.999, 10, 25, 60, 85, 99.999, 100, 3_000]) {
      sandbox.clock.set(start);
      sandbox.clock.advance(seconds * second);
      const { status, stage, progress } = await jobOf(sandbox, token, jobId);
      seen.push([status, stage, progress]);
    }
    expect(seen).toEqual([
      ['QUEUED', 'QUEUED', 9],
      ['RUNNING', 'PREPARING', 10],
      ['RUNNING', 'TRAINING', 25],
      ['RUNNING', 'TRAINING', 60],
      ['RUNNING', 'EVALUATING', 85],
      ['RUNNING', 'EVALUATING', 99],
      ['COMPLETED', 'COMPLETED', 100],
      ['COMPLETED', 'COMPLETED', 100],
    ]);
  });

  it('is given compute units and uses them up', async () => {
    const sandbox = await tenant({ training: { seconds: 100 } });
    const token = await trainingToken(sandbox);
    const jobId = await submitted(sandbox, token);
    let before = { allocated: 0, used: 0 };
    for (let percent = 10; percent <= 100; percent += 10) {
      sandbox.clock.advance(10 * second);
      const { computeUnitsAllocated, computeUnitsUsed } = await jobOf(sandbox, token, jobId);
      const now = { allocated: computeUnitsAllocated ?? -1, used: computeUnitsUsed ?? -1 };
      expect(now.allocated).toBeGreaterThanOrEqual(before.allocated);
      expect(now.used).toBeGreaterThanOrEqual(before.used);
      expect(now.used).toBeLessThanOrEqual(now.allocated);
      before = now;
    }
    expect(before).toEqual({ allocated: 12, used: 12 });
  });

  it('takes 8 seconds unless it is told otherwise, and none at all when it is told so', async () => {
    const sandbox = await tenant();
    const token = await trainingToken(sandbox);
    const jobId = await submitted(sandbox, token);
    sandbox.clock.advance(7_999);
    expect((await jobOf(sandbox, token, jobId)).status).toBe('RUNNING');
    sandbox.clock.advance(1);
    expect((await jobOf(sandbox, token, jobId)).status).toBe('COMPLETED');
    sandbox.trainings.plan({ seconds: 0 });
    expect((await jobOf(sandbox, token, await submitted(sandbox, token))).status).toBe('COMPLETED');
  });

  it('ends as was planned for the next one, and for that alone', async () => {
    const sandbox = await tenant({ training: { seconds: 10 } });
    const token = await trainingToken(sandbox);
    sandbox.trainings.plan({ end: 'FAILED', reason: 'The loss is not finite.' });
    sandbox.trainings.plan({ end: 'CANCELLED', at: 0.9 });
    const ids = [await submitted(sandbox, token), await submitted(sandbox, token), await submitted(sandbox, token)];
    const all = async () => {
      const jobs = await Promise.all(ids.map(jobId => jobOf(sandbox, token, jobId)));
      return jobs.map(({ status, stage, progress, failureReason }) => [status, stage, progress, failureReason]);
    };
    sandbox.clock.advance(4_999);
    expect((await all()).map(([status]) => status)).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
    sandbox.clock.advance(1);
    expect((await all()).map(([status]) => status)).toEqual(['FAILED', 'RUNNING', 'RUNNING']);
    sandbox.clock.advance(5_000);
    expect(await all()).toEqual([
      ['FAILED', 'TRAINING', 50, 'The loss is not finite.'],
      ['CANCELLED', 'EVALUATING', 90, 'The job was cancelled.'],
      ['COMPLETED', 'COMPLETED', 100, undefined],
    ]);
  });

  it('can be cancelled while it has not ended', async () => {
    const sandbox = await tenant({ training: { seconds: 10 } });
    const token = await trainingToken(sandbox);
    const [first, other] = [await submitted(sandbox, token), await submitted(sandbox, token)];
    sandbox.clock.advance(6_000);
    await sandbox.trainings.cancel(first);
    expect(await jobOf(sandbox, token, first)).toMatchObject({ status: 'CANCELLED', stage: 'TRAINING', progress: 60 });
    sandbox.clock.advance(10_000);
    await sandbox.trainings.cancel(other);
    expect(await jobOf(sandbox, token, first)).toMatchObject({ status: 'CANCELLED', stage: 'TRAINING', progress: 60 });
    expect((await jobOf(sandbox, token, other)).status).toBe('COMPLETED');
    await expect(sandbox.trainings.cancel('training-x')).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it('waits in a stage until it is released, and then takes the rest of its time', async () => {
    const sandbox = await tenant({ training: { seconds: 10 } });
    const token = await trainingToken(sandbox);
    sandbox.trainings.plan({ holdIn: 'TRAINING' });
    const jobId = await submitted(sandbox, token);
    sandbox.clock.advance(1_000_000);
    expect(await jobOf(sandbox, token, jobId)).toMatchObject({ status: 'RUNNING', stage: 'TRAINING', progress: 55 });
    await sandbox.trainings.release(jobId);
    sandbox.clock.advance(4_499);
    expect(await jobOf(sandbox, token, jobId)).toMatchObject({ stage: 'EVALUATING', progress: 99 });
    sandbox.clock.advance(1);
    expect((await jobOf(sandbox, token, jobId)).status).toBe('COMPLETED');
  });

  it('that is released before it waits does not wait', async () => {
    const sandbox = await tenant({ training: { seconds: 10 } });
    const token = await trainingToken(sandbox);
    sandbox.trainings.plan({ holdIn: 'EVALUATING' });
    const jobId = await submitted(sandbox, token);
    await sandbox.trainings.release(jobId);
    sandbox.clock.advance(10_000);
    expect((await jobOf(sandbox, token, jobId)).status).toBe('COMPLETED');
  });
});

describe('submissions', () => {
  it('are a job each, also of the same body', async () => {
    const sandbox = await tenant();
    const token = await trainingToken(sandbox);
    const answer = await submit(sandbox, token, trainingSet(4, 5));
    expect(answer.status).toBe(202);
    sandbox.clock.advance(1_000);
    await submitted(sandbox, token, trainingSet(4, 5));
    const [one, other, ...more] = await sandbox.trainings.list();
    expect(more).toEqual([]);
    expect(await answer.json()).toEqual({ jobId: one?.jobId });
    expect(one?.jobId).not.toBe(other?.jobId);
    expect(one).toEqual({
      jobId: one?.jobId,
      skillId: 'skill-1',
      submittedAt: start,
      utterances: 20,
      labels: 4,
      status: 'RUNNING',
      stage: 'PREPARING',
    });
    expect(await sandbox.trainings.submission(other?.jobId ?? '')).toEqual(trainingSet(4, 5));
  });

  it('whose answer is lost are jobs as well, those that never arrived are not', async () => {
    const sandbox = await tenant();
    const token = await trainingToken(sandbox);
    for (const moment of ['before', 'after', 'mid-answer'] as const) {
      sandbox.failNext({ kind: 'drop', moment, match: submitTraining.path });
      await expect(submit(sandbox, token, trainingSet()).then(answer => answer.text())).rejects.toThrow();
    }
    expect(await sandbox.trainings.list()).toHaveLength(2);
  });

  it('are answered 503 while as many as may be are under way', async () => {
    const sandbox = await tenant({ training: { seconds: 10, atOnce: 2 } });
    const token = await trainingToken(sandbox);
    await submitted(sandbox, token);
    sandbox.clock.advance(5_000);
    await submitted(sandbox, token);
    const refused = await submit(sandbox, token, trainingSet());
    expect(refused.status).toBe(503);
    expect(await refused.json()).toEqual({ message: expect.stringContaining('heavy load'), errors: [] });
    expect(await sandbox.trainings.list()).toHaveLength(2);
    sandbox.clock.advance(5_000);
    expect((await submit(sandbox, token, trainingSet())).status).toBe(202);
  });

  it('that come at once are counted one after the other', async () => {
    const sandbox = await tenant({ training: { atOnce: 3 } });
    const token = await trainingToken(sandbox);
    const answers = await Promise.all(Array.from({ length: 6 }, () => submit(sandbox, token, trainingSet())));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 202, 202, 503, 503, 503]);
  });

  it('are limited, and so is polling', async () => {
    const sandbox = await tenant({ limits: {} });
    const token = await trainingToken(sandbox);
    const jobId = await submitted(sandbox, token);
    expect((await submit(sandbox, token, trainingSet())).status).toBe(429);
    const statuses: number[] = [];
    for (let n = 0; n < 6; n++) statuses.push((await askJob(sandbox, token, jobId)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
  });

  it('leave no text in the log of requests', async () => {
    const sandbox = await tenant();
    const token = await trainingToken(sandbox);
    await submitted(sandbox, token);
    await submit(sandbox, token, '{"broken": "common1');
    expect(JSON.stringify(sandbox.requests)).not.toContain('common');
    expect(sandbox.requests.at(-1)).toMatchObject({ path: submitTraining.path, status: 400, body: null });
  });
});

it('a job that nobody submitted is unknown', async () => {
  const sandbox = await tenant();
  const token = await trainingToken(sandbox);
  for (const jobId of ['x', `training-${crypto.randomUUID()}`, '../secret', '.'])
    expect((await askJob(sandbox, token, jobId)).status, jobId).toBe(404);
  await expect(sandbox.trainings.submission('x')).rejects.toMatchObject({ code: 'BAD_INPUT' });
});

it('tokens of other services do not open the trainings, nor those of the trainings other services', async () => {
  const sandbox = await tenant();
  expect((await submit(sandbox, await tokenOf(sandbox), trainingSet())).status).toBe(403);
  expect((await submit(sandbox, 'invented', trainingSet())).status).toBe(401);
  expect((await askLog(sandbox, await trainingToken(sandbox))).status).toBe(403);
  expect(await sandbox.trainings.list()).toEqual([]);
});

it('options and plans that make no sense are refused', async () => {
  const bad = expect.objectContaining({ code: 'BAD_INPUT' });
  await expect(startSandbox({ interactions: [], training: { seconds: -1 } })).rejects.toEqual(bad);
  await expect(startSandbox({ interactions: [], training: { artifactBytes: 2 ** 40 } })).rejects.toEqual(bad);
  await expect(startSandbox({ interactions: [], training: { atOnce: Number.NaN } })).rejects.toEqual(bad);
  const sandbox = await tenant();
  expect(() => sandbox.trainings.plan({ at: 1.5 })).toThrow(bad);
});
