import { Queue } from 'bullmq';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { bullQueue } from '../../src/runtime/queues.ts';
import { apiSite, exportOf, intentIds, openApi } from './api-site.ts';
import type { Site } from './site.ts';
import { dataOf, noLimits, trainingSite } from './training-site.ts';

/** As a system with a BullMQ client of its own adds jobs: it knows docs/producers.md and nothing of our code. */
function foreignQueue(site: Site, prefix: string, name: string): Queue {
  const queue = new Queue(name, { connection: { path: site.redis.socket }, prefix });
  onTestFinished(() => queue.close());
  return queue;
}

const options = {
  attempts: 8,
  backoff: { type: 'exponential', delay: 500, jitter: 0.5 },
  removeOnFail: { age: 2_592_000 },
};

test('a curation that a foreign producer adds is done, and is seen by its id', async () => {
  const site = await apiSite();
  const api = await openApi(site, { works: true });
  const tenant = api.app.config.tenant.key;
  const queue = foreignQueue(site, `{cxone:${tenant}}`, 'fetch-page');
  const id = 'open.demo.batch-2026-03-01';
  const data = { kind: 'open', tenant, dataset: 'demo', request: 'batch-2026-03-01', parameters: { minRating: 3 } };
  await queue.add('fetch-page', data, { ...options, jobId: id });
  expect((await api.reach(id)).body).toMatchObject({ state: 'succeeded', result: { dataset: 'demo', version: 1 } });
});

test('a tuning that a foreign producer adds is done, and is seen by its id', async () => {
  const site = await apiSite();
  const api = await openApi(site, { works: true });
  const tenant = api.app.config.tenant.key;
  const headers = { 'content-type': 'text/csv' };
  const { body: upload } = await api.ask('POST', '/v1/uploads', { body: exportOf(intentIds), headers });
  const queue = foreignQueue(site, `{cxone:${tenant}}`, 'compute-roc');
  const data = { tenant, tuning: 'may', csv: upload.ref, parameters: {}, push: null, by: 'nightly' };
  await queue.add('compute-roc', data, { ...options, jobId: 'tuning.may' });
  expect((await api.reach('tuning.may')).body).toMatchObject({ state: 'succeeded', result: { id: 'tuning.may' } });
});

test('a training that a foreign producer adds is done, and is seen by its id', async () => {
  const site = await trainingSite();
  const api = await openApi(site, { works: true, changes: noLimits });
  const tenant = api.app.config.tenant.key;
  const headers = { 'content-type': 'application/json' };
  const { body: upload } = await api.ask('POST', '/v1/uploads', { body: JSON.stringify(dataOf()), headers });
  const queue = foreignQueue(site, `{cxone:${tenant}}`, 'poll-training');
  const data = {
    kind: 'train',
    tenant,
    request: 'may',
    skillId: 'skill-1',
    data: upload.ref,
    by: 'nightly',
    source: { kind: 'file', name: 'intents.json' },
    downsample: null,
  };
  await queue.add('poll-training', data, { ...options, jobId: 'train.may' });
  expect((await api.reach('train.may')).body).toMatchObject({ state: 'succeeded', result: { request: 'may' } });
});

test.each([
  {
    queue: 'fetch-page',
    id: 'open.demo.a',
    data: { kind: 'open', dataset: 'demo', request: 'a' },
    fields: ['parameters'],
  },
  {
    queue: 'fetch-page',
    id: 'open.demo.b',
    data: { kind: 'open', dataset: 'de/mo', request: 'b', parameters: { similarty: 1 } },
    fields: ['dataset', 'parameters', 'similarty'],
  },
  { queue: 'fetch-page', id: 'open.demo.c', data: { kind: 'begin' }, fields: ['kind'] },
  {
    queue: 'compute-roc',
    id: 'tuning.a',
    data: { tuning: 'a', csv: '/tmp/export.csv', parameters: { maxFpr: '0.1' }, push: null, by: 'x' },
    fields: ['csv', 'parameters.maxFpr'],
  },
  {
    queue: 'poll-training',
    id: 'train.a',
    data: { kind: 'train', request: 'a', skillId: '', data: 'intents.json', downsample: null, by: 'x' },
    fields: ['skillId', 'data', 'source'],
  },
])(
  'a payload of $queue that is wrong ends at once, as an error that names $fields',
  async ({ queue, id, data, fields }) => {
    const site = await apiSite();
    const api = await openApi(site, { works: true });
    const tenant = api.app.config.tenant.key;
    await foreignQueue(site, `{cxone:${tenant}}`, queue).add(queue, { tenant, ...data }, { ...options, jobId: id });
    const { body } = await api.reach(id);
    expect(body).toMatchObject({ state: 'failed', error: { code: 'BAD_PAYLOAD' } });
    const { message } = z.object({ message: z.string() }).parse(body.error);
    for (const field of fields) expect(message).toContain(field);
    expect(await bullQueue(api.app.queues, queue).getJob(id)).toMatchObject({ attemptsMade: 1 });
    expect(site.sandbox.requests).toEqual([]);
  },
);
