import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { registryEntry } from '../../src/domain/skill-training/registry-entry.ts';
import { apiSite, exportOf, intentIds, openApi } from './api-site.ts';
import { conversations } from './conversations.ts';
import { dataOf, noLimits, trainingSite } from './training-site.ts';

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const settings = {
  API_KEYS: 'crm:key-of-the-crm, ivr:key-of-the-ivr',
  OPERATOR_KEYS: 'admin:key-of-an-admin',
  REVIEWER_USER: 'rev',
  REVIEWER_PASSWORD: 'password-of-rev',
};
const crm = bearer('key-of-the-crm');
const ivr = bearer('key-of-the-ivr');
const admin = bearer('key-of-an-admin');
const reviewer = { authorization: `Basic ${Buffer.from('rev:password-of-rev').toString('base64')}` };

test('a dataset is read in pages and downloaded by those who may, and each look at its texts is audited', async () => {
  const site = await apiSite({ interactions: conversations(60) });
  const api = await openApi(site, { works: true, changes: settings });
  const get = async (path: string, headers = admin) => await api.ask('GET', path, { headers });
  const { body } = await api.ask('POST', '/v1/curations', { json: { dataset: 'demo' }, headers: crm });
  for (;;) {
    const { state } = (await get(`/v1/jobs/${body.id}`)).body;
    if (state !== 'waiting' && state !== 'running') break;
  }

  const listed = await get('/v1/datasets', ivr);
  expect(listed.body).toMatchObject({ datasets: [{ dataset: 'demo', version: 1, kept: expect.any(Number) }] });
  expect((await get('/v1/datasets/demo', ivr)).body).toMatchObject({
    settings: { similarity: 0.85, minRating: 4, bots: null },
    versions: 1,
  });
  expect((await get('/v1/datasets/demo/versions')).body).toMatchObject({
    versions: [{ version: 1, made: { by: 'run' }, at: expect.stringMatching(/Z$/) }],
  });
  expect((await get('/v1/datasets/dmeo')).body).toMatchObject({ status: 404, detail: expect.stringContaining('demo') });

  const exported = await get('/v1/datasets/demo/export?format=jsonl', crm);
  const rows = exported.text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  const paged: unknown[] = [];
  for (let from: unknown = 0; from !== null; ) {
    const page = (await get(`/v1/datasets/demo/rows?limit=2&from=${from}`, reviewer)).body;
    paged.push(...[page.rows].flat());
    from = page.next;
  }
  expect(paged).toEqual(rows);
  expect(rows.length).toBeGreaterThan(2);
  expect((await get('/v1/datasets/demo/export')).text.split('\n')[0]).toMatch(/^interaction_id,/);
  expect((await get('/v1/datasets/demo/removals')).status).toBe(200);
  for (const path of ['rows', 'removals', 'export']) {
    const refused = await get(`/v1/datasets/demo/${path}`, ivr);
    expect(refused).toMatchObject({ status: 403 });
    expect(refused.text).not.toContain(rows[0].user_utterance);
  }
  const { entries } = await api.app.audit.tail(100);
  const looks = entries.filter(({ what }) => what === 'texts.read');
  expect(looks.map(({ by }) => by)).toContain('key:crm');
  expect(looks.length).toBe(2 + Math.ceil(rows.length / 2) + 1);
});

test('thresholds are listed, compared and rolled back', async () => {
  const api = await openApi(await apiSite(), { works: true });
  for (const csv of [exportOf(intentIds), exportOf(intentIds, 0.5)]) {
    const { body } = await api.ask('POST', '/v1/tunings', { json: { csv, push: true, force: true } });
    expect(body).toMatchObject({ id: expect.any(String) });
    expect((await api.reach(String(body.id))).body).toMatchObject({ state: 'succeeded' });
  }
  const versions = (await api.ask('GET', '/v1/thresholds/versions')).body;
  expect(versions).toMatchObject({
    versions: [
      { version: 2, isInForce: true },
      { version: 1, isInForce: false },
    ],
  });
  expect((await api.ask('GET', '/v1/thresholds/versions?limit=1&before=2')).body).toMatchObject({
    versions: [{ version: 1 }],
  });
  const first = (await api.ask('GET', '/v1/thresholds/versions/1')).body;
  expect(first).toMatchObject({ thresholds: { intents: expect.any(Array) } });
  const changes = (await api.ask('GET', '/v1/thresholds/difference?from=1&to=2')).body;
  expect(changes).toMatchObject({ since: { version: 1 } });

  const rollback = await api.ask('POST', '/v1/thresholds/rollbacks', { json: { version: 1 } });
  expect(rollback).toMatchObject({ status: 202, body: { queue: 'push-config' } });
  const path = `/v1/thresholds/rollbacks/${rollback.body.id}`;
  for (;;) {
    const { state } = (await api.ask('GET', path)).body;
    if (state !== 'waiting' && state !== 'running') break;
  }
  expect((await api.ask('GET', path)).body).toMatchObject({ state: 'succeeded', version: 3 });
  expect((await api.ask('GET', '/v1/thresholds/versions/3')).body.thresholds).toEqual(first.thresholds);
  expect((await api.ask('POST', '/v1/thresholds/rollbacks', { json: { version: 9 } })).status).toBe(404);
  expect((await api.ask('GET', '/v1/thresholds/rollbacks/push.x')).status).toBe(404);
});

test('models are listed, and their files downloaded', async () => {
  const api = await openApi(await trainingSite(), { works: true, changes: noLimits });
  const { body } = await api.ask('POST', '/v1/trainings', { json: { skillId: 'skill-1', data: dataOf() } });
  expect((await api.reach(String(body.id))).body).toMatchObject({ state: 'succeeded' });
  const { models } = (await api.ask('GET', '/v1/models?skill=skill-1')).body;
  expect(models).toMatchObject([{ model: 1, skillId: 'skill-1', files: expect.any(Array) }]);
  expect((await api.ask('GET', '/v1/models?skill=other')).body).toEqual({ models: [] });
  const model = (await api.ask('GET', '/v1/models/1')).body;
  for (const { name, bytes, sha256 } of registryEntry.shape.files.parse(model.files)) {
    const answer = await fetch(new URL(`/v1/models/1/files/${name}`, api.url));
    const content = Buffer.from(await answer.arrayBuffer());
    expect(content.byteLength).toBe(bytes);
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
  }
  expect((await api.ask('GET', '/v1/models/2')).status).toBe(404);
  expect((await api.ask('GET', '/v1/models/1/files/none')).status).toBe(404);
});

test('failed jobs are listed and retried; their request is open again', async () => {
  const site = await apiSite();
  const api = await openApi(site, { works: true });
  let broken = true;
  site.sandbox.failNext({ kind: '403', times: 100, match: ({ path }) => broken && path.includes('interactions') });
  const { body } = await api.ask('POST', '/v1/curations', { json: { dataset: 'demo' } });
  expect((await api.reach(String(body.id))).body).toMatchObject({ state: 'failed' });
  expect((await api.ask('GET', '/v1/requests?state=failed')).body).toMatchObject({ requests: [] });
  expect((await api.ask('GET', '/v1/requests')).body).toMatchObject({ requests: [{ state: 'failed' }] });
  expect((await api.ask('GET', '/v1/requests?state=failed')).body).toMatchObject({ requests: [{ id: body.id }] });

  const { jobs } = (await api.ask('GET', '/v1/failed-jobs')).body;
  expect(jobs).toMatchObject([{ id: body.id, queue: 'fetch-page', remedy: expect.any(String) }]);
  expect((await api.ask('POST', '/v1/failed-jobs/retry', { json: {} })).status).toBe(400);
  broken = false;
  expect((await api.ask('POST', '/v1/failed-jobs/retry', { json: { id: body.id } })).body).toEqual({ jobs: 1 });
  expect((await api.reach(String(body.id), 'succeeded')).body).toMatchObject({ state: 'succeeded' });
  expect((await api.ask('GET', '/v1/requests')).body).toMatchObject({ requests: [{ state: 'succeeded' }] });
});
