import { expect, test } from 'vitest';
import { conversations } from './conversations.ts';
import { contentOf, takenRows, wantedRows } from './dataset-content.ts';
import { curate, frozenTenant, openSite, pagesAsked, type Site } from './site.ts';

/** Calls `act` while the first request for `page` is waiting for its answer. */
function once(site: Site, page: number, act: () => Promise<unknown>): void {
  const stop = site.sandbox.onRequest(async request => {
    if (request.page !== page) return;
    stop();
    await act();
  });
}

test('a run goes on when Redis is killed and started again in the middle', async () => {
  const site = await openSite();
  const app = await site.workingHouse();
  once(site, 2, async () => {
    await site.redis.kill();
    await site.redis.start();
  });
  expect(await curate(app, 'demo')).toMatchObject({ runId: 'demo.00000001', version: 1, interactions: 500 });
  expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records()));
});

test.each([1, 2, 3])('a run goes on when Redis forgets everything while page %i is asked for', async page => {
  const site = await openSite();
  const app = await site.workingHouse();
  once(site, page, () => site.client().flushall());
  expect(await curate(app, 'demo')).toMatchObject({ runId: 'demo.00000001', version: 1, interactions: 500 });
  expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records()));
});

test('a run that failed is taken up after Redis has lost its folder, and asks only for what is missing', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(650) }));
  const first = await site.workingHouse();
  let broken = true;
  site.sandbox.failNext({ kind: '403', match: request => broken && request.query.get('page') === '3', times: 100 });
  await expect(curate(first, 'demo')).rejects.toMatchObject({
    code: 'SCOPE_MISSING',
    message: expect.stringContaining('demo.00000001'),
  });
  await first.close();
  const answered = (await first.runs.answered('demo.00000001')).map(({ page }) => page);
  broken = false;

  await site.redis.kill();
  await site.redis.wipe();
  await site.redis.start();

  const second = await site.workingHouse();
  const asked = site.sandbox.requests.length;
  expect(await curate(second, 'demo')).toMatchObject({ runId: 'demo.00000001', version: 1, interactions: 650 });
  expect(pagesAsked(site.sandbox, asked).sort()).toEqual([1, 2, 3, 4].filter(page => !answered.includes(page)));
  expect(answered).toContain(1);
  expect(takenRows(await contentOf(second.datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records()));
});
