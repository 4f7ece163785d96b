import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bullQueue } from '../../src/runtime/queues.ts';
import { eventually } from '../eventually.ts';
import { closedGate } from '../gate.ts';
import { apiSite, exportOf, intentIds, openApi } from './api-site.ts';
import { idle } from './site.ts';

const csv = exportOf(intentIds);
const isPut = (asked: { readonly method: string }) => asked.method === 'PUT';

test('a tuning of an inline export: accepted, followed, its result and its report', async () => {
  const site = await apiSite();
  const api = await openApi(site, { works: true });
  const accepted = await api.ask('POST', '/v1/tunings', { json: { csv } });
  expect(accepted).toMatchObject({ status: 202, body: { queue: 'compute-roc' } });
  const { id, statusUrl } = accepted.body;
  expect(accepted.headers.get('location')).toBe(statusUrl);
  expect(statusUrl).toBe(`${api.url}/v1/jobs/${id}`);

  const { body } = await api.reach(String(id));
  expect(body).toMatchObject({
    id,
    queue: 'compute-roc',
    state: 'succeeded',
    progress: {},
    result: { id, queue: 'compute-roc', globalThreshold: expect.any(Number), skipped: [] },
    links: { self: statusUrl, report: `${statusUrl}/report` },
  });
  const report = await api.ask('GET', `/v1/jobs/${id}/report`);
  expect(report.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox allow-scripts/);
  expect(report.status).toBe(200);
  expect(report.headers.get('content-type')).toMatch(/^text\/html/);
  expect(report.text).toContain('REFUND');
  expect(site.sandbox.nlpConfig).toBeNull();
});

test('a tuning comes to what tune --json prints, pushed or not', async () => {
  const site = await apiSite();
  const api = await openApi(site, { works: true });
  await writeFile(join(site.folder, 'export.csv'), csv);
  for (const push of [false, true]) {
    const { body: asked } = await api.ask('POST', '/v1/tunings', { json: { csv, push } });
    const { body } = await api.reach(String(asked.id));
    const words = ['tune', '--csv', 'export.csv', '--json', ...(push ? ['--push', '--wait'] : [])];
    const end = await site.cli(words, { LIMIT_INTENTS: '500/s', LIMIT_CONFIG: '500/s' });
    const { id: _, version, difference, ...printed } = JSON.parse(end.stdout);
    expect(body.result).toMatchObject(printed);
    expect(Object.keys(Object(body.result)).sort()).toEqual(Object.keys(JSON.parse(end.stdout)).sort());
    if (push) expect([Object(body.result).version, version]).toEqual([1, 2]);
    else expect(Object(body.result).difference).toEqual(difference);
  }
});

test('a tuning with push has succeeded when the platform has taken the thresholds, and says so ever after', async () => {
  const site = await apiSite();
  const api = await openApi(site, { works: true });
  const ask = (json: object) => api.ask('POST', '/v1/tunings', { json: { csv, push: true, ...json } });
  const first = await api.reach(String((await ask({})).body.id));
  expect(first.body).toMatchObject({ state: 'succeeded', result: { version: 1, difference: { since: null } } });
  expect(site.sandbox.nlpConfig?.intentThresholds.map(({ intentId }) => intentId)).toEqual([...intentIds]);

  const far = exportOf(intentIds, 0.2);
  const refused = await api.reach(String((await ask({ csv: far })).body.id));
  expect(refused.body).toMatchObject({ state: 'failed', error: { code: 'CHANGE_TOO_LARGE' } });
  const forced = await api.reach(String((await ask({ csv: far, force: true })).body.id));
  expect(forced.body).toMatchObject({
    state: 'succeeded',
    result: { version: 2, difference: { since: { version: 1 } } },
  });

  await idle(api.app);
  await site.client().flushall();
  for (const { body } of [first, forced]) expect((await api.ask('GET', `/v1/jobs/${body.id}`)).body).toEqual(body);
  expect(await api.ask('DELETE', `/v1/jobs/${first.body.id}`)).toMatchObject({ status: 409 });
});

test('what the platform refuses has failed, with its reason', async () => {
  const site = await apiSite();
  site.sandbox.failNext({ kind: '403', match: isPut });
  const api = await openApi(site, { works: true });
  const { body: asked } = await api.ask('POST', '/v1/tunings', { json: { csv, push: true } });
  expect((await api.reach(String(asked.id))).body).toMatchObject({
    state: 'failed',
    error: { code: 'PUSH_REFUSED', message: expect.stringContaining('lacks a scope') },
  });
});

test('a tuning that waits is cancelled, and nothing is asked of the platform', async () => {
  const site = await apiSite();
  const api = await openApi(site);
  const { body: asked } = await api.ask('POST', '/v1/tunings', { json: { csv, push: true } });
  expect(await api.ask('DELETE', `/v1/jobs/${asked.id}`)).toMatchObject({ status: 200, body: { state: 'cancelled' } });
  expect(await bullQueue(api.app.queues, 'compute-roc').getJobs()).toEqual([]);
  await api.app.startWorkers();
  await idle(api.app);
  expect((await api.ask('GET', `/v1/jobs/${asked.id}`)).body).toMatchObject({ state: 'cancelled' });
  expect((await api.ask('GET', `/v1/jobs/${asked.id}/report`)).status).toBe(404);
  expect(site.sandbox.requests).toEqual([]);
});

test('a tuning that computes is cancelled: what it asked for comes to nothing', async () => {
  const site = await apiSite();
  const answered = closedGate();
  site.sandbox.failNext({ kind: 'slow', until: answered.opened, match: '/api/v2/ai/intents' });
  const api = await openApi(site, { works: true });
  const { body: asked } = await api.ask('POST', '/v1/tunings', { json: { csv, push: true } });
  await api.reach(String(asked.id), 'running');
  expect(await api.ask('DELETE', `/v1/jobs/${asked.id}`)).toMatchObject({ status: 200, body: { state: 'cancelled' } });
  answered.open();
  await idle(api.app);
  const [job] = await bullQueue(api.app.queues, 'compute-roc').getFailed();
  expect(job?.failedReason).toMatch(/^CANCELLED: /);
  expect((await api.ask('GET', `/v1/jobs/${asked.id}`)).body).toMatchObject({ state: 'cancelled' });
  expect(await api.app.tunings.result(String(asked.id).slice('tuning.'.length))).toBeNull();
  expect(site.sandbox.nlpConfigs).toEqual([]);
});

test('a push that waits is withdrawn: it is never sent, and the next one is not in its way', async () => {
  const site = await apiSite();
  const api = await openApi(site);
  await api.app.startWorkers(['compute-roc']);
  const ask = async () => String((await api.ask('POST', '/v1/tunings', { json: { csv, push: true } })).body.id);
  const [first, second] = [await ask(), await ask()];
  const tuning = first.slice('tuning.'.length);
  await eventually(async () => (await bullQueue(api.app.queues, 'push-config').getWaitingCount()) === 2);
  const { pushes } = api.app;
  const at = new Date().toISOString();
  const source = { kind: 'tuning', tuning } as const;
  const thresholds = { global: 0.5, intents: [] };
  await pushes.append(0, {
    kind: 'pending',
    version: 1,
    at,
    request: `push.${tuning}`,
    by: 'ada',
    source,
    thresholds,
    sha256: 'f'.repeat(64),
  });

  expect(await api.ask('DELETE', `/v1/jobs/${first}`)).toMatchObject({ status: 200, body: { state: 'cancelled' } });
  await api.app.startWorkers(['push-config']);
  expect((await api.reach(second)).body).toMatchObject({ state: 'succeeded', result: { version: 2 } });
  expect((await pushes.read()).pushes.map(({ state }) => state)).toEqual(['withdrawn', 'applied']);
  expect((await api.ask('GET', `/v1/jobs/${first}`)).body).toMatchObject({ state: 'cancelled' });
  expect(site.sandbox.nlpConfigs).toHaveLength(1);
  expect((await api.app.audit.verify()).findings).toEqual([]);
});

test('a push that was sent is not taken back: cancelling says so, and the request ends as what it is', async () => {
  const site = await apiSite();
  const answered = closedGate();
  site.sandbox.failNext({ kind: 'slow', until: answered.opened, match: isPut });
  const api = await openApi(site, { works: true });
  const { body: asked } = await api.ask('POST', '/v1/tunings', { json: { csv, push: true } });
  await eventually(async () => (await api.app.pushes.read()).pushes.map(({ state }) => state).join() === 'sent');
  expect(await api.ask('DELETE', `/v1/jobs/${asked.id}`)).toMatchObject({
    status: 202,
    body: { state: 'running', goesOn: [expect.stringContaining('Version 1 was already sent')] },
  });
  answered.open();
  expect((await api.reach(String(asked.id))).body).toMatchObject({ state: 'succeeded', result: { version: 1 } });
});
