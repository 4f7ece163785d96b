import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type TuningReport, tuningReport } from '../../src/reports/tuning-report.ts';
import { infinite, intents, oneClass, tuned, tuningOf } from '../reports/tuning-fixture.ts';
import { findChromium } from './chromium.ts';

let folder: string;
let browser: Browser;
const pages: Page[] = [];
/** What the pages said on their console, threw, or asked a network for. */
const complaints: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlops-report-'));
  browser = await chromium.launch({
    executablePath: findChromium(),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
});

afterAll(async () => {
  await browser?.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

afterEach(async () => {
  for (const page of pages.splice(0)) await page.close();
  expect(complaints.splice(0)).toEqual([]);
});

async function open(report: TuningReport, { hash = '', ...options }: Options = {}): Promise<Page> {
  const file = join(folder, 'report.html');
  await writeFile(file, tuningReport(report));
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  pages.push(page);
  const address = pathToFileURL(file).href;
  page.on('console', message => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', error => complaints.push(String(error)));
  page.on('dialog', dialog => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', request => {
    if (request.url().split('#')[0] !== address && !request.url().startsWith('data:')) complaints.push(request.url());
  });
  await page.goto(address + hash);
  return page;
}

interface Options {
  readonly hash?: string;
  readonly javaScriptEnabled?: boolean;
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** The texts of a column's cells in the rows that are shown, in their spec. */
async function column(page: Page, index: number): Promise<string[]> {
  return await page
    .locator('tr.intent:visible')
    .evaluateAll((rows, at) => rows.map(row => row.children[at]?.firstChild?.textContent ?? ''), index);
}

const sortedBy = (page: Page, heading: string) => page.locator('#intent-table').getByRole('button', { name: heading });

test('sorts by each column, both ways, with what has no value at the end', async () => {
  const page = await open(tuningOf(intents(30)));
  const names = await page.locator('tr.intent b').allTextContents();
  const collator = new Intl.Collator('en', { numeric: true });
  expect(names).toEqual(names.toSorted(collator.compare));
  expect(await page.locator('[aria-sort]').allTextContents()).toEqual(['Intent']);

  await sortedBy(page, 'Intent').click();
  expect(await page.locator('tr.intent b').allTextContents()).toEqual(names.toReversed());

  const columns = { Threshold: 1, '95 % interval': 2, J: 3, AUC: 4, Positives: 5, Negatives: 6, TPR: 7, FPR: 8 };
  for (const [title, index] of Object.entries(columns)) {
    for (const direction of ['descending', 'ascending'] as const) {
      await sortedBy(page, title).click();
      const heading = page.locator('th[aria-sort]');
      expect(await heading.allTextContents()).toEqual([title]);
      expect(await heading.getAttribute('aria-sort')).toBe(direction);
      const texts = await column(page, index);
      const numbers = texts.map(text => Number.parseFloat(text.replace(',', ''))).filter(value => !Number.isNaN(value));
      if (title !== '95 % interval')
        expect(numbers, title).toEqual(numbers.toSorted((a, b) => (direction === 'ascending' ? a - b : b - a)));
      expect(texts.slice(numbers.length).every(text => text === '–' || text === '∞')).toBe(true);
    }
  }
  await sortedBy(page, 'Notes').click();
  expect(await page.locator('tr.intent').first().locator('.mark').count()).toBeGreaterThan(1);
});

test('works by the keyboard alone', async () => {
  const page = await open(tuningOf(intents(8)));
  await sortedBy(page, 'AUC').focus();
  await page.keyboard.press('Enter');
  expect(await page.locator('th[aria-sort]').textContent()).toBe('AUC');
  const button = page.locator('tr.intent button').first();
  await button.focus();
  await page.keyboard.press('Space');
  expect(await button.getAttribute('aria-expanded')).toBe('true');
  expect(await page.locator('.detail:visible').count()).toBe(1);
  await page.keyboard.press('Space');
  expect(await page.locator('.detail:visible').count()).toBe(0);
});

test('shows the intents that are asked for', async () => {
  const page = await open(tuningOf(intents(30)));
  const rows = page.locator('tr.intent:visible');
  const shown = page.locator('#shown');
  expect(await shown.textContent()).toBe('30 intents');
  for (const [kind, mark, size] of [
    ['Flagged', '.flag', 8],
    ['Warned', '.warning', 4],
    ['Not pushed', '.held', 6],
  ] as const) {
    await page.locator('#filters').getByText(kind).click();
    expect(await rows.count()).toBe(size);
    expect(await rows.locator(mark).count()).toBeGreaterThanOrEqual(size);
    expect(await shown.textContent()).toBe(`${size} of 30 intents`);
  }
  await page.locator('#filters').getByText('All').click();
  const search = page.getByRole('searchbox');
  await search.fill('REFUND');
  expect(await column(page, 0)).toEqual(['Refund 8f14e45f-0009-4b2a-9c3d', 'Refund 23 8f14e45f-0023-4b2a-9c3d']);
  await search.fill('-0023-');
  expect(await rows.count()).toBe(1);
  await rows.getByRole('button').click();
  await search.fill('no such intent');
  expect(await rows.count()).toBe(0);
  expect(await page.locator('.detail:visible').count()).toBe(0);
  expect(await page.locator('#no-match').isVisible()).toBe(true);
  await search.fill('');
  expect(await page.locator('.detail:visible').count()).toBe(1);
});

test('opens an intent: its curve with the chosen point, its scores with the threshold, its numbers', async () => {
  const intent = tuned(1, { warnings: ['few-samples'] });
  const changed = [{ intentId: intent.intentId, name: intent.name, before: 0.4, after: intent.threshold ?? 0 }];
  const difference = { since: { version: 1, at: '2026-03-01T09:30:00.000Z' }, global: { before: 0.5, after: 0.6 } };
  const page = await open(
    tuningOf([intent, tuned(3)], {
      difference: { ...difference, changed, added: [], removed: [], carried: [], unchanged: 1 },
    }),
  );
  expect(await page.locator('svg.chart').count()).toBe(0);
  const button = page.locator('tr.intent').getByRole('button', { name: intent.name });
  await button.click();
  const detail = page.locator(`#${await button.getAttribute('aria-controls')}`);

  const roc = detail.getByRole('img', { name: /^ROC curve of Cancel contract: area 0\.\d{3}, chosen point at TPR/ });
  // The plot goes from 0 to 1 in both directions: places on it are rates.
  const places = await roc.evaluate(chart => {
    const grid = [...chart.querySelectorAll('.grid')].map(line => line.getAttribute('d') ?? '');
    const across = grid.flatMap(path => /^M([\d.]+) .*V/.exec(path)?.[1] ?? []).map(Number);
    const up = grid.flatMap(path => /^M.* ([\d.]+)H/.exec(path)?.[1] ?? []).map(Number);
    const point = chart.querySelector('.chosen');
    const rate = (place: number, ends: number[]) => (place - (ends[0] ?? 0)) / ((ends.at(-1) ?? 0) - (ends[0] ?? 0));
    return {
      fpr: rate(Number(point?.getAttribute('cx')), across),
      tpr: rate(Number(point?.getAttribute('cy')), up),
      limit: rate(Number(/^M([\d.]+)/.exec(chart.querySelector('.limit')?.getAttribute('d') ?? '')?.[1]), across),
    };
  });
  expect(places.fpr).toBeCloseTo(intent.point?.fpr ?? -1, 2);
  expect(places.tpr).toBeCloseTo(intent.point?.tpr ?? -1, 2);
  expect(places.limit).toBeCloseTo(0.15, 2);
  expect(await roc.locator('.cross').count()).toBe(1);
  expect(await roc.locator('.rounded').count()).toBe(1);
  expect((await roc.locator('.curve').getAttribute('d'))?.match(/[ML]/g)).toHaveLength(intent.curve.fpr.length);

  const scores = detail.getByRole('img', { name: /^Scores of Cancel contract: 77 positive and 413 negative/ });
  expect(await scores.locator('.accepted .positive').count()).toBe(bars(intent.histogram.positives));
  expect(await scores.locator('.rejected .negative').count()).toBe(bars(intent.histogram.negatives));
  expect(await scores.locator('.threshold').count()).toBe(1);
  expect(await scores.locator('.band').count()).toBe(1);
  expect(await scores.locator('.before').count()).toBe(1);

  const text = await detail.textContent();
  expect(text).toContain(intent.raw.threshold?.toFixed(6));
  expect(text).toContain(`${intent.point?.truePositives} of 77`);
  expect(text).toContain(`${intent.rounded?.falsePositives} of 413`);
  expect(text).toContain('0.400');
  expect(text).toContain('it has far fewer positive samples than the other intents');

  await sortedBy(page, 'Positives').click();
  const spec = await page.locator('#intent-table tbody > tr').evaluateAll(rows => rows.map(row => row.className));
  expect(spec.filter(name => name === 'detail')).toHaveLength(1);
  expect(await page.locator('tr.intent:has(+ .detail) b').textContent()).toBe(intent.name);
});

const bars = (counts: readonly number[]) => counts.filter(count => count > 0).length;

test('opens what has no curve, no point or no finite threshold', async () => {
  const page = await open(
    tuningOf([tuned(1, oneClass), tuned(2, infinite), tuned(3, { point: null, rounded: null })], { difference: null }),
  );
  for (const button of await page.locator('tr.intent button').all()) await button.click();
  const details = page.locator('.detail:visible');
  expect(await details.count()).toBe(3);
  expect(await page.locator('#intent-table').textContent()).not.toMatch(/NaN|undefined|null|Infinity/);
  expect(await page.locator('#intent-table').innerHTML()).not.toMatch(/NaN|undefined|Infinity/);
  const oneClassDetail = page.locator('#intent-0-detail');
  expect(await oneClassDetail.textContent()).toContain('no curve');
  expect(await oneClassDetail.textContent()).toContain('all its samples are of one class');
});

test('a change leads to its intent, whatever is filtered', async () => {
  const report = tuningOf(intents(30));
  const page = await open(report);
  await page.getByRole('searchbox').fill('no such intent');
  const link = page.locator('.difference a').first();
  const name = await link.locator('b').textContent();
  await link.click();
  const row = page.locator('tr.intent:target');
  await row.locator('xpath=following-sibling::tr[1]').locator('svg.chart').first().waitFor();
  expect(await row.locator('b').textContent()).toBe(name);
  expect(await page.locator('tr.intent:visible').count()).toBe(30);

  const direct = await open(report, { hash: '#intent-3' });
  expect(await direct.locator('#intent-3 button').getAttribute('aria-expanded')).toBe('true');
});

test('names, ids and reasons are shown, and nothing in them runs', async () => {
  const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>"'&amp;<!--`;
  const page = await open(
    tuningOf([tuned(1, { name: hostile, intentId: `${hostile}id` }), tuned(2, { name: '__proto__' })], {
      title: hostile,
      skipped: [hostile],
    }),
  );
  for (const button of await page.locator('tr.intent button').all()) await button.click();
  await page.getByRole('searchbox').fill('onerror');
  expect(await page.locator('tr.intent:visible b').allTextContents()).toEqual([hostile]);
  expect(await page.locator('tr.intent:visible code').allTextContents()).toEqual([`${hostile}id`]);
  expect(await page.locator('img, body svg[onload], script:not(#data)').count()).toBe(1);
  expect(await page.title()).toBe(`Thresholds: ${hostile}`);
  expect(await page.locator('.detail:visible svg.chart').first().getAttribute('aria-label')).toContain(hostile);
});

test('a thousand intents sort, filter and open', async () => {
  const page = await open(tuningOf(intents(1000)));
  expect(await page.locator('tr.intent').count()).toBe(1000);
  expect(await page.locator('svg.chart').count()).toBe(0);
  await sortedBy(page, 'AUC').click();
  const values = (await column(page, 4)).map(Number);
  expect(values).toHaveLength(1000);
  expect(values).toEqual(values.toSorted((a, b) => b - a));
  await page.getByRole('searchbox').fill('Refund 989');
  expect(await page.locator('#shown').textContent()).toBe('1 of 1,000 intents');
  await page.locator('tr.intent:visible button').click();
  expect(await page.locator('.detail:visible svg.chart').count()).toBe(2);
});

test('reads without its script', async () => {
  const page = await open(tuningOf(intents(30)), { javaScriptEnabled: false });
  const text = await page.locator('header, main').allTextContents();
  for (const words of ['0.548', 'What a push would change', 'Billing question', '8f14e45f-0000', 'What the marks mean'])
    expect(text.join()).toContain(words);
  expect(await page.locator('#filters').isVisible()).toBe(false);
  expect(await page.locator('tr.intent:visible').count()).toBe(30);
});

test('fits a narrow screen: the table scrolls in its own frame, what is opened does not', async () => {
  const page = await open(tuningOf(intents(30)), { viewport: { width: 400, height: 800 } });
  await page.locator('tr.intent button').first().click();
  expect(await page.locator('html').evaluate(root => root.scrollWidth)).toBe(400);
  const box = await page.locator('.opened').boundingBox();
  expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 0) <= 400).toBe(true);
});
