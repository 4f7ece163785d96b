import { expect, test } from 'vitest';
import { exportArtifacts, readEvaluation, submitTraining } from '../../src/platform/endpoints.ts';
import { memoryState } from '../../src/sandbox/kernel/state.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Site } from './site.ts';
import {
  audited,
  noLimits,
  polls,
  request,
  storedOf,
  submissions,
  summary,
  train,
  trainingSite,
  until,
  wholeAudit,
} from './training-site.ts';

const slow = { timeout: 180_000 };
const submission = submitTraining.path;

/** The job that the platform took, and the request that it is of. */
async function lostJob(site: Site): Promise<{ job: string; request: string }> {
  const [job] = await site.sandbox.trainings.list();
  const [first] = await storedOf(site).trainings.list();
  return { job: job?.jobId ?? '', request: first ?? '' };
}

test(
  'a submission whose answer is lost is sent once; the command says the remedies, and each of them works',
  slow,
  async () => {
    const after = await trainingSite();
    after.sandbox.failNext({ kind: 'drop', moment: 'after', match: submission });
    const before = await trainingSite();
    before.sandbox.failNext({ kind: 'drop', moment: 'before', match: submission });
    const [taken, untaken] = await Promise.all([train(after, '--wait'), train(before, '--wait')]);
    for (const end of [taken, untaken]) {
      expect(end).toMatchObject({ code: 1, stdout: '' });
      for (const said of ['SUBMISSION_UNKNOWN', '--attach JOBID', '--resubmit']) expect(end.stderr).toContain(said);
    }
    expect([submissions(after.sandbox), submissions(before.sandbox)]).toEqual([[null], [null]]);
    const lost = await lostJob(after);
    expect(taken.stderr).toContain(lost.request);
    expect(await before.sandbox.trainings.list()).toEqual([]);

    const [attached, resubmitted] = await Promise.all([
      train(after, '--attach', lost.job, '--wait'),
      train(before, '--resubmit', '--wait'),
    ]);
    expect(attached, attached.stderr).toMatchObject({ code: 0 });
    expect(summary.parse(JSON.parse(attached.stdout))).toMatchObject({ jobId: lost.job, request: lost.request });
    expect(submissions(after.sandbox)).toHaveLength(1);
    expect(resubmitted, resubmitted.stderr).toMatchObject({ code: 0 });
    expect(submissions(before.sandbox)).toEqual([null, 202]);
    for (const site of [after, before]) {
      const { audit, models } = storedOf(site);
      expect(await models.list()).toHaveLength(1);
      expect(await audit.verify()).toMatchObject({ findings: [], openIntents: [] });
    }
  },
);

test('a training that is not done in time names its job, which can be waited for again', slow, async () => {
  const site = await trainingSite();
  site.sandbox.trainings.plan({ holdIn: 'TRAINING' });
  const late = await train(site, '--max-polls', '1', '--wait');
  const { job, request: id } = await lostJob(site);
  expect(late).toMatchObject({ code: 1, stdout: '' });
  expect(late.stderr).toMatch(new RegExp(`attach to ${job} .*train --attach`, 's'));
  expect(polls(site.sandbox)).toBe(1);
  await site.sandbox.trainings.release(job);
  const end = await train(site, '--attach', job, '--wait');
  expect(end, end.stderr).toMatchObject({ code: 0 });
  expect(submissions(site.sandbox)).toEqual([202]);
  expect(await audited(storedOf(site))).toEqual(wholeAudit(id));
});

test('a platform that fails is asked again; a job that it has forgotten is unknown', slow, async () => {
  const state = memoryState();
  let isForgotten = false;
  const forgetful = {
    ...state,
    readIfThere: async (key: string) => (isForgotten ? null : await state.readIfThere(key)),
  };
  const site = await trainingSite({ state: forgetful });
  const app = await site.workingHouse(noLimits);
  site.sandbox.trainings.plan({ holdIn: 'TRAINING' });
  const { model, request: id } = await request(app);
  const isPoll = (asked: { path: string }) => /\/jobs\/[^/]+$/.test(asked.path);
  for (const kind of ['5xx', 'drop'] as const) site.sandbox.failNext({ kind, match: isPoll });
  const events = async () => (await app.trainings.read(id)).events.map(({ kind }) => kind);
  await until(() => polls(site.sandbox) >= 2);
  expect(await events()).toEqual(['validated', 'submitting', 'submitted']);
  isForgotten = true;
  await expect(model).rejects.toMatchObject({
    code: 'SUBMISSION_UNKNOWN',
    message: expect.stringMatching(/404.*resubmit/),
  });
  expect(await events()).toEqual(['validated', 'submitting', 'submitted', 'submission-unknown']);
  expect(submissions(site.sandbox)).toEqual([202]);
});

test('whatever breaks after the training is tried again, and what comes of it is registered once', slow, async () => {
  const { sandbox, ...site } = await trainingSite();
  const app = await site.workingHouse(noLimits);
  const of = (end: string) => (asked: { path: string }) => asked.path.endsWith(end);
  sandbox.failNext({ kind: '5xx', match: of('/evaluation') });
  sandbox.failNext({ kind: 'drop', moment: 'mid-answer', match: of('/evaluation') });
  sandbox.failNext({ kind: '5xx', match: of('/artifacts/export') });
  sandbox.failNext({ kind: 'drop', moment: 'mid-answer', match: of('/model.bin') });
  sandbox.failNext({ kind: '403', match: of('/model.bin') });
  sandbox.failNext({ kind: '5xx', match: of('/config.json') });
  const { model, request: id } = await request(app);
  expect((await model).entry.request).toBe(id);
  expect(asked(sandbox, readEvaluation.path)).toEqual([503, null, 200]);
  // The first link was no longer good in the middle: another one was asked for.
  expect(asked(sandbox, exportArtifacts.path)).toEqual([503, 200, 200]);
  expect(asked(sandbox, '/artifacts/{jobId}/model.bin')).toEqual([null, 403, 206]);
  expect(polls(sandbox)).toBe(1);
  expect(await audited(app)).toEqual(wholeAudit(id));
});

/** What was answered at an endpoint, in order. */
function asked({ requests }: Sandbox, path: string): (number | null)[] {
  const [head = '', tail = ''] = path.split('{jobId}');
  return requests.filter(each => each.path.startsWith(head) && each.path.endsWith(tail)).map(({ status }) => status);
}

test('an evaluation that contradicts itself ends the request, naming the place and not the text', slow, async () => {
  const site = await trainingSite();
  const app = await site.workingHouse(noLimits);
  const body = {
    labels: [{ id: 'a', name: 'A' }],
    predictions: ['a', 'a'],
    actuals: ['a', 'what Ann said'],
    trainingDurationSeconds: 1,
  };
  site.sandbox.failNext({ kind: 'wrong-shape', body, match: ({ path }) => path.endsWith('/evaluation') });
  const { model } = await request(app);
  await expect(model).rejects.toMatchObject({
    code: 'PLATFORM_WRONG_SHAPE',
    message: expect.stringMatching(/^(?!.*Ann).*actuals\[1\]/),
  });
  // Once the platform has mended it, the same job can be taken up.
  const end = await train(site, '--attach', (await lostJob(site)).job, '--wait');
  expect(end, end.stderr).toMatchObject({ code: 0 });
  expect(submissions(site.sandbox)).toEqual([202]);
});

test('a Redis that loses everything while a training is waited for costs a poll, no submission', slow, async () => {
  const site = await trainingSite();
  const app = await site.workingHouse(noLimits);
  site.sandbox.trainings.plan({ holdIn: 'TRAINING' });
  const { model, request: id } = await request(app);
  await until(() => polls(site.sandbox) >= 1);
  await site.client().flushall();
  await site.sandbox.trainings.release((await lostJob(site)).job);
  expect((await model).entry.request).toBe(id);
  expect(submissions(site.sandbox)).toEqual([202]);
  expect(await audited(app)).toEqual(wholeAudit(id));
});
