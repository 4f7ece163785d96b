import { expect, test, vi } from 'vitest';
import { fetchPage } from '../../jobs/fetch-page/job.ts';
import { curationSpec } from '../../jobs/flows/curation/request.ts';
import { conversations } from './conversations.ts';
import { curate, frozenTenant, openSite, patience } from './site.ts';

const nothingConfigured = { CXONE_BASE_URL: undefined, CXONE_CLIENT_ID: undefined, CXONE_CLIENT_SECRET: undefined };

test('work left over from the sandbox stays as it is while another tenant is worked for on the same Redis and store', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(30) }));
  const toy = await site.app(nothingConfigured);
  const left = curationSpec(toy.config.tenant.key, 'demo', {});
  await toy.queues.enqueue([left], { restart: 'failed' });

  const real = await site.workingHouse();
  expect(real.config.tenant.key).not.toBe(toy.config.tenant.key);
  expect(await curate(real, 'demo')).toMatchObject({ runId: 'demo.00000001', interactions: 30 });

  const job = await toy.queues.queue('fetch-page').getJob(left.id);
  expect(await job?.getState()).toBe('waiting');
  expect(job?.data).toEqual(left.payload);
  expect(await toy.runs.newest('demo')).toBeNull();
  expect(await toy.datasets.names()).toEqual([]);
  expect(await real.datasets.names()).toEqual(['demo']);
});

test('a payload of another tenant fails by name, and the run that it names is not marked', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(450) }));
  const app = await site.workingHouse();
  site.sandbox.failNext({ kind: '403', match: asked => asked.query.get('page') === '2' });
  await expect(curate(app, 'demo')).rejects.toMatchObject({ code: 'RUN_FAILED' });
  await vi.waitUntil(async () => (await app.runs.extracted('demo.00000001')).length === 2, patience);
  const events = await app.runs.events('demo.00000001').all();
  const asked = site.sandbox.requests.length;

  const foreign = fetchPage.spec({
    kind: 'page',
    tenant: 'sandbox',
    run: 'demo.00000001',
    pass: 0,
    page: 3,
    attempt: 7,
  });
  await app.queues.enqueue([foreign], { restart: 'failed' });
  const queue = app.queues.queue('fetch-page');
  await vi.waitUntil(async () => (await queue.getJobState(foreign.id)) === 'failed', patience);
  const job = await queue.getJob(foreign.id);
  expect(job?.failedReason).toMatch(/^TENANT_MISMATCH: .*sandbox/);
  expect(await app.runs.events('demo.00000001').all()).toEqual(events);
  expect(site.sandbox.requests.length).toBe(asked);
});
