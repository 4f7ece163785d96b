import { expect, test, vi } from 'vitest';
import { conversation, conversations, noon } from './conversations.ts';
import { contentOf, takenRows, wantedRows } from './dataset-content.ts';
import { curate, frozenTenant, openSite, pagesAsked, timeouts } from './site.ts';

const hour = 3_600_000;

test.each([1, 2, 3])(
  'rows that arrive while we page through a platform in trouble are taken exactly once (seed %i)',
  async seed => {
    const until = new Date(Date.now() - 30_000).toISOString();
    const site = await openSite({
      interactions: conversations(600, { until }),
      arrivals: { perRequest: 7 },
      faults: { rate: 0.1, seed, slowMs: 200 },
      limits: { INTERACTIONS: null },
      shuffleTies: 'stable',
      seed,
    });
    const app = await site.workingHouse();
    const first = await curate(app, 'demo');
    const arrived = site.sandbox.records();
    expect(arrived.length).toBeGreaterThan(600);
    expect(first.watermark < new Date().toISOString()).toBe(true);
    expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(arrived, { upTo: first.watermark }));

    // The second run's upper bound is past all that had arrived by then.
    const second = await curate(app, 'demo', { ratingHorizonMs: 0 });
    expect(second).toMatchObject({ runId: 'demo.00000002', version: 2 });
    expect(second.watermark >= first.watermark).toBe(true);
    const wanted = wantedRows(site.sandbox.records(), { upTo: second.watermark });
    expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wanted);
    expect(second.interactions).toBeLessThan(600);
  },
);

test('a second run asks for what is new and takes nothing twice', async () => {
  const site = await openSite();
  const app = await site.workingHouse();
  const first = await curate(app, 'demo');
  const asked = site.sandbox.requests.length;
  const second = await curate(app, 'demo', { ratingHorizonMs: 0 });
  expect(second).toMatchObject({
    version: 2,
    turns: 0,
    kept: 0,
    removed: 0,
    rows: first.rows,
    watermark: first.watermark,
  });
  expect(pagesAsked(site.sandbox, asked)).toEqual([1]);
  const filter = site.sandbox.requests.at(-1)?.query.filter;
  expect(filter).toBe("timestamp gt '2024-05-15T11:50:00.000Z'");
});

test('more than a page on one timestamp, and ties on every border of pages, are taken once each', async () => {
  const interactions = [
    ...conversations(190, { prefix: 'new', spacing: 1 }),
    ...conversations(430, { prefix: 'tie', until: '2024-05-15T10:00:00.000Z', spacing: 0 }),
    ...conversations(30, { prefix: 'old', until: '2024-05-15T09:00:00.000Z' }),
  ];
  const site = await openSite(frozenTenant({ interactions }));
  const app = await site.workingHouse();
  expect(await curate(app, 'demo')).toMatchObject({ interactions: 650 });
  expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records()));
});

test('ties on a border that come in another spec with every answer are taken once each, or the run says that it cannot', async () => {
  const interactions = [
    ...conversations(199, { prefix: 'new', spacing: 1 }),
    ...conversations(2, { prefix: 'tie', until: '2024-05-15T10:00:00.000Z', spacing: 0 }),
    ...conversations(100, { prefix: 'old', until: '2024-05-15T09:00:00.000Z' }),
  ];
  const site = await openSite(frozenTenant({ interactions, shuffleTies: 'each-request' }));
  const app = await site.workingHouse();
  for (let tries = 0; tries < 8 && (await app.datasets.head('demo')) === null; tries++)
    await curate(app, 'demo').catch((error: unknown) => {
      expect(String(error)).toContain('WINDOW_UNSTABLE');
    });
  expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records()));
});

test('what shares the timestamp of the watermark and arrives after the run is taken by the next one', async () => {
  const atTheBound = conversation('bound', noon, 0, { texts: ['Is the bound included?'] });
  const site = await openSite(frozenTenant({ interactions: [...conversations(50), atTheBound] }));
  const app = await site.workingHouse();
  expect(await curate(app, 'demo')).toMatchObject({ interactions: 51, watermark: noon });
  site.sandbox.insert({ ...atTheBound, id: 'bound2' });
  site.sandbox.clock.advance(hour);
  expect(await curate(app, 'demo', { ratingHorizonMs: 0 })).toMatchObject({ removed: 1 });
  expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records()));
});

test('the look-back takes what was inserted late, as far as it reaches', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(250) }));
  const app = await site.workingHouse();
  await curate(app, 'demo');
  site.sandbox.insert(conversation('nine', noon, 9 * 60, { texts: ['Nine minutes late'] }));
  site.sandbox.insert(conversation('eleven', noon, 11 * 60, { texts: ['Eleven minutes late'] }));
  expect(await curate(app, 'demo', { ratingHorizonMs: 0 })).toMatchObject({ turns: 1 });
  const withoutEleven = site.sandbox.records().filter(record => JSON.stringify(record).includes('Eleven') === false);
  expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(withoutEleven));
  expect(await curate(app, 'demo', { ratingHorizonMs: 0, lookBackMs: 12 * 60_000 })).toMatchObject({ turns: 1 });
  expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records()));
});

test('what is rated late, or better than before, is taken then; what was taken keeps its rating', async () => {
  const interactions = [
    conversation('unrated', noon, 5 * 3600, { rating: null, texts: ['Will it be rated?'] }),
    conversation('low', noon, 4 * 3600, { rating: 1, texts: ['Was it that bad?'] }),
    conversation('high', noon, 3 * 3600, { rating: 5, texts: ['It was good.'] }),
    conversation('forgotten', noon, 80 * 3600, { rating: null, texts: ['So long ago.'] }),
    conversation('silent', noon, 2 * 3600, { rating: null, texts: ['No rating at all.'] }),
  ];
  const site = await openSite(frozenTenant({ interactions }));
  const app = await site.workingHouse();
  const first = await curate(app, 'demo');
  expect(first).toMatchObject({ interactions: 5, turns: 1, belowRating: 1, unrated: 2, neverRated: 1 });

  site.sandbox.clock.advance(7 * hour);
  for (const [id, rating] of [
    ['unrated', 4],
    ['low', 5],
    ['high', 1],
    ['forgotten', 5],
  ] as const)
    site.sandbox.rate(id, rating);
  expect(await curate(app, 'demo', { ratingHorizonMs: 0 })).toMatchObject({ interactions: 0, turns: 0 });
  expect(await curate(app, 'demo', { ratingSweepEveryMs: 0 })).toMatchObject({
    interactions: 4,
    turns: 2,
    alreadyTaken: 1,
    unrated: 1,
  });

  const { kept } = await contentOf(app.datasets, 'demo');
  expect(kept.map(([id, , , rating]) => [id, rating])).toEqual([
    ['high', 5],
    ['low', 5],
    ['unrated', 4],
  ]);
});

test('rows that are erased while we page do not fail the run, and are counted', async () => {
  const site = await openSite();
  const app = await site.workingHouse();
  const stop = site.sandbox.onRequest(({ page }) => {
    if (page === 2) site.sandbox.erase(['c0001', 'c0017', 'c0033']);
  });
  const summary = await curate(app, 'demo');
  stop();
  expect(site.sandbox.size).toBe(497);
  const left = wantedRows(site.sandbox.records());
  const rows = takenRows(await contentOf(app.datasets, 'demo'));
  expect(new Set(rows).size).toBe(rows.length);
  expect(rows).toEqual(expect.arrayContaining(left));
  expect(rows.filter(row => !left.includes(row)).every(row => /"c00(01|17|33)"/.test(row))).toBe(true);
  expect(summary.interactions).toBe(497 + summary.erased);
});

test('a dataset of some bots holds those alone, now and later', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(250) }));
  const app = await site.workingHouse();
  expect(await curate(app, 'demo', { bots: ['bot_b', 'bot_b'] })).toMatchObject({
    interactions: 250,
    otherBots: 125,
  });
  site.sandbox.insert(conversation('more_a', noon, 30, { botId: 'bot_a' }));
  site.sandbox.insert(conversation('more_b', noon, 30, { botId: 'bot_b' }));
  await curate(app, 'demo');
  expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(
    wantedRows(site.sandbox.records(), { bots: ['bot_b'] }),
  );
});

test('since includes its instant, reaches back before the watermark, and takes what an earlier run left out', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(250) }));
  const app = await site.workingHouse();
  const at = (index: number) => conversations(250)[index]?.timestamp ?? '';
  const records = () => site.sandbox.records();
  await curate(app, 'demo', { since: at(99) });
  const after = wantedRows(records().slice(0, 100));
  expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(after);
  expect(await curate(app, 'demo', { since: at(199), ratingHorizonMs: 0 })).toMatchObject({ interactions: 200 });
  expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(records().slice(0, 200)));
});

test('a page that comes last, after a row has pushed another to a page that nobody knew of, leaves none behind', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(600) }));
  const app = await site.workingHouse();
  const others = async () => (await app.runs.extracted('demo.00000001')).map(({ page }) => page);
  const stop = site.sandbox.onRequest(async ({ page }) => {
    if (page !== 2) return;
    stop();
    await vi.waitUntil(async () => (await others()).join() === '1,3', timeouts);
    site.sandbox.insert(conversation('arrived', noon, -60));
  });
  expect(await curate(app, 'demo')).toMatchObject({ interactions: 600 });
  expect(pagesAsked(site.sandbox)).toContain(4);
  const wanted = wantedRows(site.sandbox.records(), { upTo: noon });
  expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wanted);
});
