import { expect, test } from 'vitest';
import { recoverySpec } from '../../jobs/flows/training/request.ts';
import { exportArtifacts, submitTraining } from '../../src/platform/endpoints.ts';
import { bullQueue } from '../../src/runtime/queues.ts';
import { closedGate } from '../gate.ts';
import { type Api, openApi } from './api-site.ts';
import { idle, type Site } from './site.ts';
import { audited, dataOf, noLimits, polls, submissions, summary, train, trainingSite, until } from './training-site.ts';

const slow = { timeout: 120_000 };
const unknownRef = '6f1c2a52-6f1e-4c57-9a3d-0d7a5c0a9b11';

async function opened({ works = true } = {}): Promise<{ site: Site; api: Api }> {
  const site = await trainingSite();
  return { site, api: await openApi(site, { works, changes: noLimits }) };
}

/** Asks for a training that is to be taken. @returns its id */
async function ask(api: Api, more: object = {}): Promise<string> {
  const answer = await api.ask('POST', '/v1/trainings', { json: { skillId: 'skill-1', data: dataOf(), ...more } });
  expect(answer, answer.text).toMatchObject({ status: 202, body: { queue: 'poll-training' } });
  return String(answer.body.id);
}

async function upload(api: Api, content: string | Buffer): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  return (await api.ask('POST', '/v1/uploads?name=intents.json', { body: content, headers })).body.ref;
}

const requestOf = (id: string) => id.slice('train.'.length);
const kindsOf = async ({ app }: Api, id: string) =>
  (await app.trainings.read(requestOf(id))).events.map(({ kind }) => kind);

test(
  'a training is accepted, followed, and comes to the model in the registry, as train --json prints it',
  slow,
  async () => {
    const { site, api } = await opened();
    const id = await ask(api);
    expect(id).toMatch(/^train\.[\w-]+$/);
    const { body } = await api.reach(id);
    const self = `${api.url}/v1/jobs/${id}`;
    expect(body).toMatchObject({
      id,
      queue: 'poll-training',
      state: 'succeeded',
      links: { self, report: `${self}/report` },
    });
    const result = summary.parse(body.result);
    const [model] = await api.app.models.list();
    expect(model?.entry).toMatchObject({ skillId: 'skill-1', data: { source: { kind: 'file', name: 'inline.json' } } });
    expect(result).toMatchObject({
      request: requestOf(id),
      model: model?.number,
      jobId: model?.entry.jobId,
      metrics: model?.entry.metrics,
      bestThreshold: model?.entry.bestThreshold,
      artifacts: model?.entry.files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
    });

    const report = await api.ask('GET', `/v1/jobs/${id}/report`);
    expect(report.headers.get('content-type')).toMatch(/^text\/html/);
    expect(report.text).toContain('Label 1');
    const printed = summary.parse(JSON.parse((await train(site, '--wait')).stdout));
    expect(result).toMatchObject({ metrics: printed.metrics, bestThreshold: printed.bestThreshold });
    expect(await api.ask('DELETE', `/v1/jobs/${id}`)).toMatchObject({ status: 409 });

    await idle(api.app);
    await site.client().flushall();
    expect((await api.ask('GET', `/v1/jobs/${id}`)).body).toEqual(body);
  },
);

test(
  'a training of an upload, which is downsampled where it is asked for; the same key is the same request',
  slow,
  async () => {
    const { site, api } = await opened();
    const { utterances, labels } = dataOf();
    const some = utterances.filter(({ label }, index) => label === 'label-0' || index % 10 < 3);
    const more = some.map(each => ({ ...each, text: `${each.text} again` })).filter(({ label }) => label === 'label-0');
    // With a byte spec mark, as some editors write it.
    const ref = await upload(api, `\uFEFF${JSON.stringify({ utterances: [...some, ...more], labels })}`);
    const json = { skillId: 'skill-1', data: ref };
    const refused = await api.ask('POST', '/v1/trainings', { json });
    expect(refused).toMatchObject({ status: 422, body: { detail: expect.stringContaining('use downsample') } });

    const headers = { 'idempotency-key': 'may' };
    const again = () => api.ask('POST', '/v1/trainings', { json: { ...json, downsample: { seed: 7 } }, headers });
    const answers = await Promise.all([again(), again()]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    const [id, other] = answers.map(({ body }) => String(body.id));
    expect(id).toBe(other);
    expect((await api.reach(id ?? '')).body).toMatchObject({ state: 'succeeded' });
    expect((await api.app.models.list()).map(({ entry }) => entry.data)).toMatchObject([
      { utterances: 15, downsampled: { seed: 7, dropped: 11 }, source: { name: 'intents.json' } },
    ]);
    expect(submissions(site.sandbox)).toEqual([202]);
  },
);

const said = 'Ann of Elm Street 7 called';
const labels = ['a', 'b'].map(id => ({ id, name: id }));
const many = (label: string, count: number, language = 'en') =>
  Array.from({ length: count }, (_, index) => ({ text: `${said} ${label} ${index}`, label, language }));
const wrong = {
  utterances: [{ text: 7, label: 'a' }, { text: said }],
  labels: [{ name: said }],
};
const unbalanced = { utterances: [...many('a', 8), ...many('b', 2, 'de'), { text: ' ', label: 'a' }], labels };

test('data that cannot be trained on is refused: all that is wrong at once, field by field, and nothing enqueued', async () => {
  const { site, api } = await opened({ works: false });
  const wrongFields = ['data.utterances.0.text', 'data.utterances.1.label', 'data.labels.0.id'];
  const unbalancedFields = ['data.utterances.10.text', 'data.utterances.8.language', 'data'];
  const cases: readonly (readonly [body: object, status: number, fields: readonly string[], detail: string])[] = [
    [{ data: wrong }, 422, wrongFields, 'must be a text'],
    [{ data: await upload(api, JSON.stringify(wrong)) }, 422, wrongFields, 'intents.json is not valid training data'],
    [{ data: unbalanced }, 422, unbalancedFields, '4.5 times'],
    [{ data: await upload(api, JSON.stringify(unbalanced)) }, 422, unbalancedFields, 'use downsample'],
    [{ data: {} }, 422, ['data.utterances', 'data.labels'], 'is missing'],
    [{ data: await upload(api, '[]') }, 422, ['data'], 'must be an object'],
    [{ data: await upload(api, '{"utterances": [\n  {"text": 1 "label": 2}]}') }, 422, ['data'], 'intents.json:2:14'],
    [{ data: await upload(api, Buffer.from([0x7b, 0xff])) }, 422, ['data'], 'not UTF-8'],
    [{ data: unknownRef }, 422, ['data'], 'was not found or has expired'],
    [{ data: 'intents.json', skillId: '', maxPolls: 0 }, 400, ['skillId', 'data', 'maxPolls'], 'ref of an upload'],
    [
      { data: dataOf(), downsample: { sed: 1 }, balanced: true },
      400,
      ['downsample.seed', 'downsample.sed', 'balanced'],
      '',
    ],
  ];
  const before = await api.app.store.list('uploads');
  for (const [body, status, fields, detail] of cases) {
    const answer = await api.ask('POST', '/v1/trainings', { json: { skillId: 'skill-1', ...body } });
    expect(answer, answer.text).toMatchObject({ status, body: { detail: expect.stringContaining(detail) } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(Object(answer.body.errors).map(({ field }: { field: string }) => field)).toEqual(fields);
    expect(answer.text).not.toContain(said.slice(0, 6));
  }
  expect(await bullQueue(api.app.queues, 'poll-training').getJobs()).toEqual([]);
  expect(await api.app.store.list('uploads')).toEqual(before);
  expect(site.sandbox.requests).toEqual([]);
});

test('a training that waits is cancelled, and never submitted', async () => {
  const { site, api } = await opened({ works: false });
  const id = await ask(api);
  expect((await api.ask('GET', `/v1/jobs/${id}`)).body).toMatchObject({
    state: 'waiting',
    progress: { stage: 'waiting' },
  });
  for (let time = 0; time < 2; time++)
    expect(await api.ask('DELETE', `/v1/jobs/${id}`)).toMatchObject({
      status: 200,
      body: { state: 'cancelled', goesOn: [] },
    });
  expect(await bullQueue(api.app.queues, 'poll-training').getJobs()).toEqual([]);
  await api.app.startWorkers();
  await idle(api.app);
  expect((await api.ask('GET', `/v1/jobs/${id}`)).body).toMatchObject({ state: 'cancelled' });
  expect(site.sandbox.requests).toEqual([]);
});

test(
  'a training that is submitted just then says so, and is cancelled once the platform has answered',
  slow,
  async () => {
    const { site, api } = await opened();
    const answered = closedGate();
    site.sandbox.failNext({ kind: 'slow', until: answered.opened, match: submitTraining.path });
    const id = await ask(api);
    await until(async () => (await kindsOf(api, id)).at(-1) === 'submitting');
    expect(await api.ask('DELETE', `/v1/jobs/${id}`)).toMatchObject({
      status: 202,
      body: { state: 'running', goesOn: [expect.stringContaining('submitted now')] },
    });
    answered.open();
    expect((await api.reach(id)).body).toMatchObject({ state: 'cancelled' });
    expect(await kindsOf(api, id)).toEqual(['validated', 'submitting', 'submitted', 'cancelled']);
    expect([submissions(site.sandbox), polls(site.sandbox)]).toEqual([[202], 0]);
  },
);

test('a training is watched; cancelled, it is no longer, and the answer says what goes on', slow, async () => {
  const { site, api } = await opened();
  site.sandbox.trainings.plan({ holdIn: 'TRAINING' });
  const id = await ask(api);
  await until(() => polls(site.sandbox) >= 1);
  const [job] = await site.sandbox.trainings.list();
  await until(async () => Object((await api.ask('GET', `/v1/jobs/${id}`)).body.progress).percent !== undefined);
  expect((await api.ask('GET', `/v1/jobs/${id}`)).body).toMatchObject({
    state: 'running',
    progress: {
      stage: 'training',
      jobId: job?.jobId,
      status: 'RUNNING',
      trainingStage: 'TRAINING',
      percent: expect.any(Number),
      computeUnits: { allocated: expect.any(Number), used: expect.any(Number) },
    },
  });
  const cancelled = {
    state: 'cancelled',
    goesOn: [expect.stringContaining(`${job?.jobId} continues on the platform`)],
  };
  expect(await api.ask('DELETE', `/v1/jobs/${id}`)).toMatchObject({ status: 200, body: cancelled });
  const { state } = await api.app.trainings.read(requestOf(id));
  expect(state).toMatchObject({ name: 'cancelled', by: 'anonymous', jobId: job?.jobId });

  const before = polls(site.sandbox);
  await idle(api.app);
  expect(await api.ask('DELETE', `/v1/jobs/${id}`)).toMatchObject({ status: 200, body: cancelled });
  expect((await api.ask('GET', `/v1/jobs/${id}`)).body).toMatchObject({ state: 'cancelled' });
  expect((await api.ask('GET', `/v1/jobs/${id}/report`)).status).toBe(404);
  expect(polls(site.sandbox)).toBe(before);
  expect((await bullQueue(api.app.queues, 'poll-training').getJob(id))?.failedReason).toMatch(
    /^CANCELLED: .*anonymous/,
  );
  expect(await api.app.models.list()).toEqual([]);
  expect(await api.app.audit.verify()).toMatchObject({ findings: [], openIntents: [] });
  expect((await site.sandbox.trainings.list()).map(({ status }) => status)).toEqual(['RUNNING']);
});

test('a training whose model is just fetched is cancelled: it is not registered', slow, async () => {
  const { site, api } = await opened();
  const isExport = ({ path }: { path: string }) => path.endsWith(exportArtifacts.path.split('{jobId}')[1] ?? '');
  const exported = closedGate();
  site.sandbox.failNext({ kind: 'slow', until: exported.opened, match: isExport });
  const id = await ask(api);
  await until(async () => (await kindsOf(api, id)).at(-1) === 'evaluated');
  expect((await api.ask('GET', `/v1/jobs/${id}`)).body).toMatchObject({
    state: 'running',
    progress: { stage: 'exporting' },
  });
  const goesOn = [expect.stringContaining('is not registered here')];
  expect(await api.ask('DELETE', `/v1/jobs/${id}`)).toMatchObject({
    status: 200,
    body: { state: 'cancelled', goesOn },
  });
  exported.open();
  await idle(api.app);
  expect(await api.app.models.list()).toEqual([]);
  expect((await api.ask('GET', `/v1/jobs/${id}`)).body).toMatchObject({ state: 'cancelled' });
});

test('a submission of which nobody knows has failed with its remedy, which brings the request on', slow, async () => {
  const { site, api } = await opened();
  site.sandbox.failNext({ kind: 'drop', moment: 'after', match: submitTraining.path });
  const id = await ask(api);
  const { body } = await api.reach(id);
  expect(body).toMatchObject({
    state: 'failed',
    error: {
      code: 'SUBMISSION_UNKNOWN',
      message: expect.stringContaining(requestOf(id)),
      remedy: expect.stringContaining('--resubmit'),
    },
  });
  expect(await api.ask('DELETE', `/v1/jobs/${id}`)).toMatchObject({ status: 409 });

  const [job] = await site.sandbox.trainings.list();
  const recovery = { tenant: api.app.config.tenant.key, request: requestOf(id), maxPolls: 60, by: 'ann' };
  await api.app.queues.enqueue([recoverySpec({ ...recovery, attach: job?.jobId ?? '' })], { restart: 'failed' });
  expect((await api.reach(id, 'succeeded')).body).toMatchObject({ result: { jobId: job?.jobId } });
  expect(submissions(site.sandbox)).toEqual([null]);
});

test('what the platform refuses, or is not done in time, or ends there, has failed with its reason', slow, async () => {
  const { site, api } = await opened();
  const failed = async (more: object = {}) => (await api.reach(await ask(api, more))).body;
  site.sandbox.failNext({ kind: '403', match: submitTraining.path });
  expect(await failed()).toMatchObject({ state: 'failed', error: { code: 'SUBMISSION_REFUSED' } });
  site.sandbox.trainings.plan({ holdIn: 'TRAINING' });
  expect(await failed({ maxPolls: 1 })).toMatchObject({
    state: 'failed',
    error: { code: 'TRAINING_TIMED_OUT', message: expect.stringContaining('attach to training-') },
  });
  site.sandbox.trainings.plan({ end: 'FAILED', reason: 'The loss is not finite.' });
  expect(await failed()).toMatchObject({
    error: { code: 'TRAINING_FAILED', message: expect.stringContaining('loss') },
  });
  site.sandbox.trainings.plan({ end: 'CANCELLED' });
  expect(await failed()).toMatchObject({ state: 'failed', error: { code: 'TRAINING_CANCELLED' } });
});

test('a training of which Redis has lost everything is taken up by whoever looks at it', slow, async () => {
  const { site, api } = await opened();
  site.sandbox.trainings.plan({ holdIn: 'TRAINING' });
  const id = await ask(api);
  await until(() => polls(site.sandbox) >= 1);
  await site.client().flushall();
  const [job] = await site.sandbox.trainings.list();
  await site.sandbox.trainings.release(job?.jobId ?? '');
  expect((await api.reach(id)).body).toMatchObject({ state: 'succeeded', result: { jobId: job?.jobId } });
  expect(submissions(site.sandbox)).toEqual([202]);
  expect(await audited(api.app)).toHaveLength(3);
});
