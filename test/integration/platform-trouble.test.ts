import { expect, test } from 'vitest';
import { fetchPage } from '../../jobs/fetch-page/job.ts';
import type { App } from '../../src/app/app.ts';
import { bullQueue } from '../../src/runtime/queues.ts';
import { conversations } from './conversations.ts';
import { contentOf, takenRows, wantedRows } from './dataset-content.ts';
import { curate, frozenTenant, openSite, pagesAsked } from './site.ts';

/** Starts every try that waits for its backoff, as often as the curation's progress is shown. */
function hurry({ queues }: App): () => void {
  return () => {
    void bullQueue(queues, 'fetch-page')
      .getDelayed()
      .then(async jobs => await Promise.all(jobs.map(job => job.promote())))
      .catch(() => undefined);
  };
}

test('a page that always fails ends the run with the cause, after all its tries; without the fault it goes on where it was', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(650) }));
  const app = await site.workingHouse();
  let broken = true;
  site.sandbox.failNext({
    kind: '5xx',
    status: 503,
    match: request => broken && request.query.get('page') === '3',
    times: 1_000,
  });

  await expect(curate(app, 'demo', {}, hurry(app))).rejects.toMatchObject({
    code: 'PLATFORM_UNAVAILABLE',
    message: expect.stringMatching(/demo\.00000001.*503/),
  });
  expect((await app.runs.events('demo.00000001').head())?.entry).toMatchObject({
    kind: 'failed',
    code: 'PLATFORM_UNAVAILABLE',
  });
  expect(pagesAsked(site.sandbox).filter(page => page === 3)).toHaveLength(fetchPage.policy.attempts);
  expect(await app.datasets.head('demo')).toBeNull();

  broken = false;
  const asked = site.sandbox.requests.length;
  expect(await curate(app, 'demo')).toMatchObject({ runId: 'demo.00000001', version: 1, interactions: 650 });
  expect(pagesAsked(site.sandbox, asked)).toEqual([3]);
  expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records()));
});

test('a platform that only answers 5xx does not hang a waiting command: it exits 1 with the cause', async () => {
  const site = await openSite(
    frozenTenant({ interactions: conversations(10), faults: { rate: 1, seed: 1, kinds: ['5xx'] } }),
  );
  const app = await site.app();
  const run = site.startCli(['curate', '--dataset', 'demo', '--wait', '--json']);
  const hurrying = setInterval(hurry(app), 100);
  const end = await run.ended.finally(() => clearInterval(hurrying));
  expect(end).toMatchObject({ code: 1, stdout: '' });
  expect(end.stderr).toMatch(/was answered 50\d.*\[PLATFORM_UNAVAILABLE\]/);
  expect(pagesAsked(site.sandbox)).toHaveLength(fetchPage.policy.attempts);
  expect(await app.runs.newest('demo')).toBeNull();
});

test.each([
  { fault: { kind: 'wrong-shape' } as const, said: /interactions.*totalCount/ },
  { fault: { kind: 'not-json' } as const, said: /demo\.00000001/ },
])('an answer that is $fault.kind ends the run at once', async ({ fault, said }) => {
  const site = await openSite(frozenTenant({ interactions: conversations(450) }));
  const app = await site.workingHouse();
  site.sandbox.failNext({ ...fault, match: request => request.query.get('page') === '2', times: 10 });
  await expect(curate(app, 'demo')).rejects.toMatchObject({
    code: 'PLATFORM_WRONG_SHAPE',
    message: expect.stringMatching(said),
  });
  expect(pagesAsked(site.sandbox).filter(page => page === 2)).toEqual([2]);
});

test('a 429 with Retry-After holds every process, and then the run goes on', async () => {
  const interactions = conversations(650, { until: new Date(Date.now() - 60_000).toISOString() });
  const site = await openSite({ interactions, limits: { INTERACTIONS: null } });
  const houses = [await site.workingHouse(), await site.workingHouse()];
  site.sandbox.failNext({ kind: '429', retryAfter: 2, match: request => request.path === '/api/v2/interactions' });
  const [app] = houses;
  if (app === undefined) throw new Error('no app');
  expect(await curate(app, 'demo')).toMatchObject({ version: 1, interactions: 650 });

  const [refused, ...answered] = site.sandbox.requests.filter(({ path }) => path === '/api/v2/interactions');
  expect(refused?.status).toBe(429);
  expect(answered.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const free = new Date(Date.parse(refused?.at ?? '') + 2_000).toISOString();
  expect(answered.filter(({ at }) => at < free)).toEqual([]);
  expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records()));
  for (const job of await bullQueue(app.queues, 'fetch-page').getCompleted()) expect(job.attemptsMade).toBe(1);
});

test('a window that never holds still closes its run after three walks; the next request opens another', async () => {
  // More than a page on one timestamp, in another spec with every answer: no walk can see all of them.
  const interactions = conversations(450, { spacing: 0 });
  const site = await openSite(frozenTenant({ interactions, shuffleTies: 'each-request' }));
  const app = await site.workingHouse();
  for (const run of ['demo.00000001', 'demo.00000002']) {
    await expect(curate(app, 'demo')).rejects.toMatchObject({
      code: 'WINDOW_UNSTABLE',
      message: expect.stringContaining(run),
    });
    expect((await app.runs.events(run).head())?.entry).toMatchObject({ kind: 'closed', code: 'WINDOW_UNSTABLE' });
    const walked = (await app.runs.answered(run)).filter(({ pass }) => pass > 0);
    expect(walked.map(({ pass, page }) => [pass, page])).toEqual(
      [1, 2, 3].flatMap(pass => [1, 2, 3].map(page => [pass, page])),
    );
  }
  expect(await app.datasets.head('demo')).toBeNull();
});
