import { expect, test } from 'vitest';
import { bullQueue } from '../../src/runtime/queues.ts';
import { eventually } from '../eventually.ts';
import { closedGate } from '../gate.ts';
import { apiSite, openApi } from './api-site.ts';
import { conversations } from './conversations.ts';
import { contentOf, takenRows, wantedRows } from './dataset-content.ts';
import { frozenTenant, idle, openSite } from './site.ts';

test('a curation by HTTP, from start to end: what it comes to is what curate --json prints', async () => {
  const site = await apiSite({ interactions: conversations(450) });
  const api = await openApi(site, { works: true });
  const asked = await api.ask('POST', '/v1/curations', { json: { dataset: 'demo', minRating: 4, similarity: 0.85 } });
  expect(asked).toMatchObject({
    status: 202,
    body: { id: expect.stringMatching(/^open\.demo\./), queue: 'fetch-page' },
  });
  const { body } = await api.reach(String(asked.body.id));
  expect(takenRows(await contentOf(api.app.datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records()));

  const other = await openSite(frozenTenant({ interactions: conversations(450) }));
  const end = await other.cli(['curate', '--dataset', 'demo', '--wait', '--json']);
  expect(body).toMatchObject({ state: 'succeeded', progress: {}, result: JSON.parse(end.stdout) });
  expect(Object.keys(Object(body.result)).sort()).toEqual(Object.keys(JSON.parse(end.stdout)).sort());

  // The store knows, whatever Redis has forgotten.
  await site.client().flushall();
  expect((await api.ask('GET', `/v1/jobs/${asked.body.id}`)).body).toEqual(body);
});

test('what would mix or lose rows is refused, naming it, with nothing enqueued', async () => {
  const site = await apiSite();
  const api = await openApi(site, { works: true });
  const ask = (json: object) => api.ask('POST', '/v1/curations', { json: { dataset: 'demo', ...json } });
  await api.reach(String((await ask({ bots: ['bot_a'] })).body.id));
  await idle(api.app);
  const before = await bullQueue(api.app.queues, 'fetch-page').getJobCounts();

  for (const [json, status, named] of [
    [{ similarity: 0.9 }, 409, 'similarity'],
    [{ minRating: 3 }, 409, 'minimum rating'],
    [{ bots: ['bot_b'] }, 409, 'bots'],
    [{ since: '2024-05-15T12:00:00.001Z' }, 422, 'since'],
  ] as const) {
    const answer = await ask(json);
    expect(answer.status, named).toBe(status);
    expect(answer.text).toContain(named);
    expect(answer.text).not.toContain('--');
  }
  expect(await bullQueue(api.app.queues, 'fetch-page').getJobCounts()).toEqual(before);
});

test('a curation that fails says why', async () => {
  const site = await apiSite();
  const api = await openApi(site, { works: true, changes: { CXONE_CLIENT_SECRET: 'wrong-one' } });
  const { body: asked } = await api.ask('POST', '/v1/curations', { json: { dataset: 'demo' } });
  const { body, text } = await api.reach(String(asked.id));
  expect(body).toMatchObject({
    state: 'failed',
    error: { code: 'CREDENTIALS_REFUSED', message: expect.stringContaining('interactions:read') },
  });
  expect(text).not.toContain('wrong-one');
  expect(await api.ask('DELETE', `/v1/jobs/${asked.id}`)).toMatchObject({ status: 409 });
});

test('a curation that waits is cancelled: its job is gone, and asking again does not bring it back', async () => {
  const site = await apiSite();
  const api = await openApi(site);
  const headers = { 'idempotency-key': 'k' };
  const ask = () => api.ask('POST', '/v1/curations', { json: { dataset: 'demo' }, headers });
  const id = String((await ask()).body.id);
  for (let time = 0; time < 2; time++)
    expect(await api.ask('DELETE', `/v1/jobs/${id}`)).toMatchObject({
      status: 200,
      body: { id, state: 'cancelled', goesOn: [] },
    });
  expect(await bullQueue(api.app.queues, 'fetch-page').getJobs()).toEqual([]);

  expect((await ask()).body.id).toBe(id);
  await api.app.startWorkers();
  await idle(api.app);
  expect((await api.ask('GET', `/v1/jobs/${id}`)).body).toMatchObject({ state: 'cancelled' });
  expect(site.sandbox.requests).toEqual([]);
});

test('a curation that runs is cancelled: no page is asked for any more, nothing is committed, and the next one is free', async () => {
  const site = await apiSite({ interactions: conversations(2_000) });
  const answered = closedGate();
  site.sandbox.failNext({ kind: 'slow', until: answered.opened, match: ({ query }) => query.get('page') === '3' });
  const api = await openApi(site, { works: true });
  const { body: asked } = await api.ask('POST', '/v1/curations', { json: { dataset: 'demo' } });
  const { runs, datasets, queues } = api.app;
  await eventually(async () => (await runs.answered('demo.00000001')).length > 1);
  expect(await api.ask('DELETE', `/v1/jobs/${asked.id}`)).toMatchObject({ status: 200, body: { state: 'cancelled' } });
  expect((await runs.events('demo.00000001').head())?.entry).toMatchObject({ kind: 'closed', code: 'CANCELLED' });
  answered.open();
  for (const name of ['fetch-page', 'extract-turns', 'embed-and-dedup'])
    expect(await bullQueue(queues, name).getJobCountByTypes('waiting', 'prioritized', 'delayed'), name).toBe(0);
  expect(await datasets.head('demo')).toBeNull();
  expect((await api.ask('GET', `/v1/jobs/${asked.id}`)).body).toMatchObject({ state: 'cancelled' });

  await idle(api.app);
  expect(await datasets.head('demo')).toBeNull();
  const { body: next } = await api.ask('POST', '/v1/curations', { json: { dataset: 'demo' } });
  expect((await api.reach(String(next.id))).body).toMatchObject({
    state: 'succeeded',
    result: { runId: 'demo.00000002', version: 1 },
  });
  expect(takenRows(await contentOf(datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records()));
});

test('a run that two requests share goes on for the one that is not cancelled', async () => {
  const site = await apiSite({ interactions: conversations(450) });
  site.sandbox.failNext({ kind: '429', retryAfter: 2, match: ({ query }) => query.get('page') === '2' });
  const api = await openApi(site, { works: true });
  const ask = async () => String((await api.ask('POST', '/v1/curations', { json: { dataset: 'demo' } })).body.id);
  const [first, second] = [await ask(), await ask()];
  await api.reach(first, 'running');
  await api.reach(second, 'running');
  const { runs } = api.app;
  await expect.poll(async () => [await runs.ofRequest(first), await runs.ofRequest(second)]).not.toContain(null);

  expect(await api.ask('DELETE', `/v1/jobs/${first}`)).toMatchObject({
    status: 200,
    body: { state: 'cancelled', goesOn: [expect.stringContaining('demo.00000001')] },
  });
  expect((await api.reach(second)).body).toMatchObject({ state: 'succeeded', result: { runId: 'demo.00000001' } });
  expect((await api.ask('GET', `/v1/jobs/${first}`)).body).toMatchObject({ state: 'cancelled' });
  expect(await api.ask('DELETE', `/v1/jobs/${second}`)).toMatchObject({ status: 409 });
});
