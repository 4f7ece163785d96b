import { rename, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { curationSpec } from '../../jobs/flows/curation/request.ts';
import { mostWaiting } from '../../producers/http/accept.ts';
import { bullQueue } from '../../src/runtime/queues.ts';
import { eventually } from '../eventually.ts';
import { type Api, apiSite, exportOf, intentIds, openApi } from './api-site.ts';
import { storeOf } from './site.ts';

const csv = exportOf(intentIds);
const headers = { 'idempotency-key': 'k' };

async function expectNotNow(
  api: Api,
  asked: readonly (readonly [string, string, object?])[],
  type: string,
): Promise<void> {
  for (const [method, path, json] of asked) {
    // Redis is away for as long as the test lets it: an answer did not wait for it.
    const answer = await api.ask(method, path, json === undefined ? {} : { json, headers });
    expect(answer, path).toMatchObject({ status: 503, body: { type: `urn:problem-type:cxone-mlops:${type}` } });
    expect(Number(answer.headers.get('retry-after')), path).toBeGreaterThan(0);
  }
}

test('while Redis is away requests are refused at once; when it is back the same request is taken, once', async () => {
  const site = await apiSite();
  const api = await openApi(site);
  const { body: before } = await api.ask('POST', '/v1/tunings', { json: { csv } });
  await site.redis.kill();
  await expectNotNow(
    api,
    [
      ['POST', '/v1/curations', { dataset: 'demo' }],
      ['POST', '/v1/tunings', { csv }],
      ['GET', `/v1/jobs/${before.id}`],
      ['DELETE', `/v1/jobs/${before.id}`],
    ],
    'redis-unavailable',
  );
  expect((await api.ask('GET', '/healthz')).status).toBe(200);
  await site.redis.start();
  const ask = () => api.ask('POST', '/v1/curations', { json: { dataset: 'demo' }, headers });
  await eventually(async () => (await ask()).status === 202);
  const { body } = await ask();
  const jobs = await bullQueue(api.app.queues, 'fetch-page').getJobs();
  expect(jobs.map(({ id }) => id)).toEqual([body.id]);
});

test('a Redis that hangs is as one that is away', async () => {
  const site = await apiSite();
  const api = await openApi(site);
  const pid = Number(/process_id:(\d+)/.exec(await site.client().info('server'))?.[1]);
  process.kill(pid, 'SIGSTOP');
  try {
    await expectNotNow(api, [['POST', '/v1/curations', { dataset: 'demo' }]], 'redis-unavailable');
  } finally {
    process.kill(pid, 'SIGCONT');
  }
});

test('without a store nothing is accepted, and nothing enqueued', async () => {
  const site = await apiSite();
  const api = await openApi(site);
  const store = storeOf(site, api.app);
  // Root may write anywhere: what stands where the folder should be stops it too.
  await rename(store, `${store}.away`);
  await writeFile(store, '');
  await expectNotNow(api, [['POST', '/v1/tunings', { csv }]], 'store-unreadable');
  const upload = await api.ask('POST', '/v1/uploads', { body: csv, headers: { 'content-type': 'text/csv' } });
  expect(upload).toMatchObject({ status: 503 });
  expect(upload.text).not.toContain(site.folder);
  expect(await bullQueue(api.app.queues, 'compute-roc').getJobs()).toEqual([]);
});

test('a queue that is full takes no more, but what it took before it still knows', async () => {
  const api = await openApi(await apiSite());
  const ask = (key: string) =>
    api.ask('POST', '/v1/curations', { json: { dataset: 'demo' }, headers: { 'idempotency-key': key } });
  const first = await ask('first');
  const { tenant } = api.app.config;
  await api.app.queues.enqueue(
    Array.from({ length: mostWaiting - 1 }, () => curationSpec(tenant.key, 'demo', {})),
    { restart: 'never' },
  );
  await expectNotNow(api, [['POST', '/v1/curations', { dataset: 'demo' }]], 'queue-full');
  expect(await ask('first')).toMatchObject({ status: 202, body: first.body });
  expect(await api.ask('POST', '/v1/tunings', { json: { csv } })).toMatchObject({ status: 202 });
});
