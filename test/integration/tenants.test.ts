import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { fetchPage } from '../../jobs/fetch-page/job.ts';
import { curationSpec } from '../../jobs/flows/curation/request.ts';
import { bullQueue } from '../../src/runtime/queues.ts';
import { conversations } from './conversations.ts';
import { curate, frozenTenant, openSite, type Site, timeouts } from './site.ts';

const inSandbox = { SANDBOX: '1' };

test('work left over from the sandbox stays as it is while another tenant is worked for on the same Redis and store', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(30) }));
  const toy = await site.app(inSandbox);
  const left = curationSpec(toy.config.tenant.key, 'demo', {});
  await toy.queues.enqueue([left], { restart: 'failed' });

  const real = await site.workingHouse();
  expect(real.config.tenant.key).not.toBe(toy.config.tenant.key);
  expect(await curate(real, 'demo')).toMatchObject({ runId: 'demo.00000001', interactions: 30 });

  const job = await bullQueue(toy.queues, 'fetch-page').getJob(left.id);
  expect(await job?.getState()).toBe('waiting');
  expect(job?.data).toEqual(left.payload);
  expect(await toy.runs.newest('demo')).toBeNull();
  expect(await toy.datasets.names()).toEqual([]);
  expect(await real.datasets.names()).toEqual(['demo']);
});

test('a payload of another tenant fails by name, and the run that it names is not marked', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(450) }));
  const app = await site.workingHouse();
  site.sandbox.failNext({ kind: '403', match: request => request.query.get('page') === '2' });
  await expect(curate(app, 'demo')).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
  await vi.waitUntil(async () => (await app.runs.extracted('demo.00000001')).length === 2, timeouts);
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
  const queue = bullQueue(app.queues, 'fetch-page');
  await vi.waitUntil(async () => (await queue.getJobState(foreign.id)) === 'failed', timeouts);
  const job = await queue.getJob(foreign.id);
  expect(job?.failedReason).toMatch(/^TENANT_MISMATCH: .*sandbox/);
  expect(await app.runs.events('demo.00000001').all()).toEqual(events);
  expect(site.sandbox.requests.length).toBe(asked);
});

test('configuring one more service keeps everything; another address of one is refused, with both ways out', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(30) }));
  expect((await site.cli(['curate', '--dataset', 'demo', '--wait'])).code).toBe(0);
  expect(await datasetsOf(site, { CXONE_ORG_ID: 'acme' })).toEqual(['demo']);

  const moved = { INTERACTIONS_BASE_URL: site.sandbox.url.replace('127.0.0.1', 'localhost') };
  const refused = await site.cli(['curate', '--dataset', 'demo'], moved);
  expect(refused.code).toBe(2);
  for (const named of [site.sandbox.url, moved.INTERACTIONS_BASE_URL, 'TENANT', 'tenant adopt interactions'])
    expect(refused.stderr).toContain(named);
  expect(await datasetsOf(site, moved)).toEqual(['demo']);

  expect(await datasetsOf(site, { ...moved, TENANT: 'other' })).toEqual([]);
  expect((await site.cli(['tenant', 'adopt', 'interactions'], moved)).code).toBe(0);
  expect((await site.cli(['curate', '--dataset', 'demo', '--wait'], moved)).code).toBe(0);
  expect((await site.cli(['curate', '--dataset', 'demo'])).code).toBe(2);
  expect((await site.cli(['audit', 'tail'], moved)).stdout).toContain('tenant.adopt');
});

test('a trial does not tie the tenant to a service', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(3) }));
  expect((await site.cli(['curate', '--dataset', 'demo', '--dry-run'])).code).toBe(0);
  expect((await site.cli(['doctor'])).stdout).toContain('service interactions');
  const shown = await site.cli(['tenant', 'show', '--json']);
  expect(JSON.parse(shown.stdout)).toMatchObject({
    tenant: 'default',
    services: expect.arrayContaining([expect.objectContaining({ service: 'interactions', recorded: null })]),
  });
});

test('without a platform a command that needs one names the variables; the others work', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(3) }));
  const none = { CXONE_BASE_URL: undefined, CXONE_CLIENT_ID: undefined, CXONE_CLIENT_SECRET: undefined };
  for (const words of [['curate', '--dataset', 'demo'], ['worker'], ['up']]) {
    const { code, stderr } = await site.cli(words, none);
    expect([words, code]).toEqual([words, 2]);
    for (const named of ['INTERACTIONS_BASE_URL', 'CXONE_INSTANCE', '--sandbox']) expect(stderr).toContain(named);
  }
  expect((await site.cli(['dataset', 'list'], none)).code).toBe(0);
  expect((await site.cli(['tenant', 'list'], none)).code).toBe(0);
  const refused = await site.cli(['curate', '--dataset', 'demo', '--sandbox'], { ...none, NODE_ENV: 'production' });
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('SANDBOX=1')]);
});

test('a store of the former layout is refused by name, never passed over', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(3) }));
  const former = join(site.artifacts, 't-0123456789ab');
  await mkdir(former, { recursive: true });
  await writeFile(join(former, 'store-id'), 'x');
  for (const words of [
    ['dataset', 'list'],
    ['curate', '--dataset', 'demo'],
  ]) {
    const { code, stderr } = await site.cli(words);
    expect(code).toBe(2);
    expect(stderr).toContain(former);
  }
});

test('an empty store takes over from one whose work has ended; with work under way it is refused until it is adopted', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(30) }));
  expect((await site.cli(['curate', '--dataset', 'demo', '--wait'])).code).toBe(0);
  const fresh = { ARTIFACTS_URL: `file:${join(site.folder, 'fresh')}` };
  expect(await datasetsOf(site, fresh)).toEqual([]);
  expect((await site.cli(['curate', '--dataset', 'demo'], fresh)).code).toBe(0);

  const again = { ARTIFACTS_URL: `file:${join(site.folder, 'again')}` };
  const refused = await site.cli(['curate', '--dataset', 'demo'], again);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('tenant adopt store')]);
  expect((await site.cli(['tenant', 'adopt', 'store'], again)).code).toBe(0);
  expect((await site.cli(['curate', '--dataset', 'demo'], again)).code).toBe(0);
});

async function datasetsOf(site: Site, changes: Record<string, string>): Promise<string[]> {
  const { stdout } = await site.cli(['dataset', 'list', '--json'], changes);
  return z
    .object({ datasets: z.array(z.object({ dataset: z.string() })) })
    .parse(JSON.parse(stdout))
    .datasets.map(({ dataset }) => dataset);
}
