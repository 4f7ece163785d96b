import { expect, test } from 'vitest';
import { embedAndDedup } from '../../jobs/embed-and-dedup/job.ts';
import { extractTurns } from '../../jobs/extract-turns/job.ts';
import { fetchPage } from '../../jobs/fetch-page/job.ts';
import { bullQueue } from '../../src/runtime/queues.ts';
import { conversations } from './conversations.ts';
import { contentOf, filesOf, takenRows, wantedRows } from './dataset-content.ts';
import { curate, frozenTenant, idle, openSite, storeOf } from './site.ts';

test('two equal requests at once share one run', async () => {
  const site = await openSite();
  const [one, other] = [await site.workingHouse(), await site.workingHouse()];
  const summaries = await Promise.all([curate(one, 'demo'), curate(other, 'demo')]);
  expect(summaries[0]).toEqual(summaries[1]);
  expect(summaries[0]).toMatchObject({ runId: 'demo.00000001', version: 1, interactions: 500 });
  expect(takenRows(await contentOf(one.datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records()));
});

test('two different requests at once run one after the other, and no row is there twice', async () => {
  const site = await openSite();
  const [one, other] = [await site.workingHouse(), await site.workingHouse()];
  const since = '2024-05-15T06:00:00.000Z';
  const summaries = await Promise.all([curate(one, 'demo', { since }), curate(other, 'demo')]);
  expect(summaries.map(({ runId }) => runId).sort()).toEqual(['demo.00000001', 'demo.00000002']);
  expect(summaries.map(({ version }) => version).sort()).toEqual([1, 2]);
  const { watermark } = (await one.datasets.version('demo')).entry;
  expect(summaries.map(summary => summary.watermark)).toEqual([watermark, watermark]);

  // Whichever was first: the other one reaches back over it.
  expect(takenRows(await contentOf(one.datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records()));
});

test('of two requests at once that cannot be mixed, one fails and says why', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(60) }));
  const app = await site.workingHouse();
  const ends = await Promise.allSettled([
    curate(app, 'demo', { similarity: 0.9 }),
    curate(app, 'demo', { similarity: 0.8 }),
  ]);
  const failed = ends.filter(end => end.status === 'rejected');
  expect(failed).toHaveLength(1);
  expect(failed[0]?.reason).toMatchObject({
    code: 'DATASET_MISMATCH',
    message: expect.stringContaining('similarity'),
  });
  expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records()));
});

test.each([fetchPage.name, extractTurns.name, embedAndDedup.name])(
  'jobs of %s that are retried after their run has ended change nothing',
  async name => {
    const site = await openSite(frozenTenant({ interactions: conversations(450) }));
    const app = await site.workingHouse();
    await curate(app, 'demo');
    await idle(app);
    const before = await filesOf(storeOf(site, app), 'demo');
    const completed = await bullQueue(app.queues, name).getCompleted();
    expect(completed.length).toBeGreaterThan(0);

    for (const job of completed) await job.retry('completed');
    await idle(app);
    expect(await filesOf(storeOf(site, app), 'demo')).toEqual(before);
    expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records()));
  },
);
