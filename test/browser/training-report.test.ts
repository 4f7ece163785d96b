import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { evaluate } from '../../src/domain/skill-training/evaluate.ts';
import { evaluation } from '../../src/domain/skill-training/evaluation.ts';
import { type TrainingReport, trainingReport } from '../../src/reports/training-report.ts';
import { evaluationOf, trainingOf } from '../reports/training-fixture.ts';
import { findChromium } from './chromium.ts';

let folder: string;
let browser: Browser;
const pages: Page[] = [];
/** What the pages said on their console, threw, or asked a network for. */
const complaints: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlops-training-report-'));
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

async function open(report: TrainingReport, options: Options = {}): Promise<Page> {
  const file = join(folder, 'report.html');
  await writeFile(file, trainingReport(report));
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
    if (request.url() !== address && !request.url().startsWith('data:')) complaints.push(request.url());
  });
  await page.goto(address);
  return page;
}

interface Options {
  readonly javaScriptEnabled?: boolean;
  readonly viewport?: { readonly width: number; readonly height: number };
}

const told = evaluationOf(77);
const report = trainingOf(told);
const { labels, confusionMatrix, worstConfused } = evaluate(told);
const places = new Map(labels.map(({ id }, index) => [id, index]));

/** Where a cell lies on the screen, counted from the first that is seen, of so many across. */
async function placeOf(page: Page, row: number, column: number, size = 77) {
  const picture = page.locator('#picture');
  await picture.scrollIntoViewIfNeeded();
  const box = await picture.boundingBox();
  const names = Number(await page.locator('#cells').getAttribute('x'));
  const cell = Number(await page.locator('#cells').getAttribute('width')) / size;
  return { x: (box?.x ?? 0) + names + (column + 0.5) * cell, y: (box?.y ?? 0) + names + (row + 0.5) * cell };
}

/** The part of the matrix that is seen: column, row, width, height. */
async function seenIn(page: Page): Promise<readonly [number, number, number, number]> {
  const [column = 0, row = 0, width = 0, height = 0] = ((await page.locator('#cells').getAttribute('viewBox')) ?? '')
    .split(' ')
    .map(Number);
  return [column, row, width, height];
}

/** How a cell is read aloud, by the numbers of the domain. */
function reading(actual: number, predicted: number): string {
  const [count, support] = [confusionMatrix[actual]?.[predicted] ?? 0, labels[actual]?.support ?? 0];
  const share = `${((count / support) * 100).toFixed(1)} %`;
  return `actual ${labels[actual]?.name} predicted ${labels[predicted]?.name} ${count} of ${support} utterances, ${share}`;
}

const worst = {
  actual: places.get(worstConfused[0]?.actual ?? '') ?? -1,
  predicted: places.get(worstConfused[0]?.predicted ?? '') ?? -1,
};

test('draws the matrix and names the cell under the pointer', async () => {
  const page = await open(report);
  const read = page.locator('#read');
  const unread = await read.textContent();
  for (const { actual, predicted } of [worst, { actual: 4, predicted: 4 }, { actual: 76, predicted: 0 }]) {
    const { x, y } = await placeOf(page, actual, predicted);
    await page.mouse.move(x, y);
    expect(await read.textContent()).toBe(reading(actual, predicted));
    expect(await page.locator('.tagged').allTextContents()).toEqual([labels[actual]?.name, labels[predicted]?.name]);
    // What is painted there is what is said of it.
    const hovered = page.locator('#cells .view path:hover');
    const colours = await hovered.evaluateAll(paths => paths.map(path => path.getAttribute('class')?.split(' ')[0]));
    const count = confusionMatrix[actual]?.[predicted] ?? 0;
    expect(colours).toEqual(count === 0 ? [] : [actual === predicted ? 'right' : 'wrong']);
  }
  await page.mouse.move(2, 2);
  expect(await read.textContent()).toBe(unread);
  expect(await page.locator('.tagged').count()).toBe(0);
});

test('hides the diagonal and colours by counts', async () => {
  const page = await open(report);
  const painted = (kind: string) => page.locator(`#cells .${kind}:visible`).count();
  expect(await painted('right')).toBeGreaterThan(0);
  expect(await page.locator('.ramp:visible').getAttribute('aria-label')).toBe(
    'Colours, up to 2 %, 5 %, 10 %, 20 %, 40 %, 70 %, 100 %',
  );
  await page.getByLabel('Hide the diagonal').check();
  expect(await painted('right')).toBe(0);
  expect(await painted('wrong')).toBeGreaterThan(0);
  await page.getByText('Counts', { exact: true }).click();
  const most = Math.max(...confusionMatrix.flatMap((row, at) => row.filter((_, to) => at !== to)));
  expect(await page.locator('.ramp:visible').getAttribute('aria-label')).toMatch(new RegExp(`${most}$`));
  expect(await page.locator('.ramp:visible').count()).toBe(1);
  await page.getByLabel('Hide the diagonal').uncheck();
  expect(await painted('right')).toBeGreaterThan(0);
});

test('a pair of the worst is shown in the picture, and stays marked', async () => {
  const page = await open(report);
  const buttons = page.locator('.pairs').first().getByRole('button');
  expect(await buttons.count()).toBe(10);
  await buttons.first().click();
  const read = page.locator('#read');
  expect(await read.textContent()).toBe(reading(worst.actual, worst.predicted));
  expect(await buttons.first().getAttribute('aria-pressed')).toBe('true');
  const { x, y } = await placeOf(page, 30, 31);
  await page.mouse.move(x, y);
  expect(await read.textContent()).toBe(reading(30, 31));
  await page.mouse.move(2, 2);
  expect(await read.textContent()).toBe(reading(worst.actual, worst.predicted));
  // The same cell, pressed in the picture, lets go.
  const kept = await placeOf(page, worst.actual, worst.predicted);
  await page.mouse.click(kept.x, kept.y);
  await page.mouse.move(2, 2);
  expect(await page.locator('.frame').count()).toBe(0);
  expect(await buttons.first().getAttribute('aria-pressed')).toBe('false');
});

test('goes from cell to cell by the keyboard alone, and zooms', async () => {
  const page = await open(report);
  const frame = page.getByRole('application', { name: /^Confusion matrix of 77 labels/ });
  const read = page.locator('#read');
  await frame.focus();
  await page.keyboard.press('ArrowDown');
  expect(await read.textContent()).toBe(reading(0, 0));
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  expect(await read.textContent()).toBe(reading(1, 1));
  await page.keyboard.press('Shift+ArrowRight');
  const next = (confusionMatrix[1] ?? []).findIndex((count, to) => to > 1 && count > 0);
  expect(await read.textContent()).toBe(reading(1, next));
  for (let press = 0; press < 4; press += 1) await page.keyboard.press('+');
  const numbers = page.locator('.numbers text');
  expect(await numbers.count()).toBeGreaterThan(0);
  const [left, top, wide] = await seenIn(page);
  expect(wide).toBeLessThan(12);
  expect(next >= left && next < left + wide && 1 >= top && 1 < top + wide).toBe(true);
  const seen = await page.locator('#row-names text:visible').allTextContents();
  expect(seen).toHaveLength(wide);
  // What is marked stays in sight.
  for (let press = 0; press < 20; press += 1) await page.keyboard.press('ArrowDown');
  expect(await read.textContent()).toBe(reading(21, next));
  expect(await page.locator('.frame').count()).toBe(1);
  await page.keyboard.press('0');
  expect(await page.locator('#cells').getAttribute('viewBox')).toBe('0 0 77 77');
  await page.keyboard.press('Escape');
  expect(await page.locator('.frame').count()).toBe(0);
});

test('drags what is zoomed', async () => {
  const page = await open(report);
  for (let press = 0; press < 3; press += 1) await page.getByRole('button', { name: 'Zoom in' }).click();
  const [column, row, size] = await seenIn(page);
  const from = await placeOf(page, 8, 8, size);
  const to = await placeOf(page, 5, 6, size);
  await page.mouse.move(from.x, from.y);
  expect(await page.locator('#read').textContent()).toBe(reading(row + 8, column + 8));
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 4 });
  await page.mouse.up();
  expect(await seenIn(page)).toEqual([column + 2, row + 3, size, size]);
  await page.getByRole('button', { name: 'The whole matrix' }).click();
  expect(await page.getByRole('button', { name: 'Zoom out' }).isDisabled()).toBe(true);
});

test('sorts and filters the labels', async () => {
  const page = await open(report);
  const column = (index: number) =>
    page
      .locator('tr.label:visible')
      .evaluateAll((rows, at) => rows.map(row => row.children[at]?.lastChild?.textContent ?? ''), index);
  const names = await page.locator('tr.label b').allTextContents();
  expect(names).toEqual(labels.map(({ name }) => name));
  const headings = page.locator('#label-table');
  for (const [title, index] of Object.entries({ Support: 1, Precision: 3, Recall: 4, F1: 5 })) {
    for (const sign of [-1, 1]) {
      await headings.getByRole('button', { name: title }).click();
      const values = (await column(index)).map(Number);
      expect(values).toEqual(values.toSorted((a, b) => (a - b) * sign));
      expect(values).toHaveLength(77);
    }
  }
  await headings.getByRole('button', { name: 'Label' }).click();
  expect((await page.locator('tr.label b').allTextContents())[0]).toBe('account_cancel');
  const search = page.getByRole('searchbox');
  await search.fill('REFUND');
  const matching = labels.filter(({ name }) => name.includes('refund')).length;
  expect(await page.locator('tr.label:visible').count()).toBe(matching);
  expect(await page.locator('#shown').textContent()).toBe(`${matching} of 77 labels`);
  await search.fill('label-76');
  expect(await page.locator('tr.label:visible').count()).toBe(1);
  await search.fill('no such label');
  expect(await page.locator('#no-match').isVisible()).toBe(true);
});

test('draws F1 against the threshold with the best two, and reads it', async () => {
  const page = await open(report);
  const thresholds = report.evaluation.thresholds;
  const chart = page.getByRole('img', { name: /^F1 against the threshold: best 0\.\d{3} at 0\.30 of the grid/ });
  // The plot goes from 0 to 1 in both directions: places on it are values.
  const drawn = await chart.evaluate(root => {
    const grid = [...root.querySelectorAll('.grid')].map(line => line.getAttribute('d') ?? '');
    const across = grid.flatMap(path => /^M([\d.]+) .*V/.exec(path)?.[1] ?? []).map(Number);
    const up = grid.flatMap(path => /^M.* ([\d.]+)H/.exec(path)?.[1] ?? []).map(Number);
    const part = (place: number, ends: number[]) => (place - (ends[0] ?? 0)) / ((ends.at(-1) ?? 0) - (ends[0] ?? 0));
    const places = (marks: string) =>
      [...root.querySelectorAll(marks)].map(mark => [
        part(Number(mark.getAttribute('cx')), across),
        part(Number(mark.getAttribute('cy')), up),
      ]);
    return {
      grid: places('.grid-point'),
      exact: places('.best-exact'),
      bestGrid: root.querySelectorAll('.best-grid').length,
      steps: (root.querySelector('.curve')?.getAttribute('d') ?? '').match(/H/g)?.length,
    };
  });
  expect(drawn.steps).toBe(thresholds?.curve.length);
  expect(drawn.bestGrid).toBe(1);
  for (const [index, point] of [...(thresholds?.gridPoints ?? [])].entries()) {
    expect(drawn.grid[index]?.[0]).toBeCloseTo(point.threshold, 2);
    expect(drawn.grid[index]?.[1]).toBeCloseTo(point.f1, 2);
  }
  expect(drawn.exact[0]?.[0]).toBeCloseTo(thresholds?.exact.threshold ?? -1, 2);
  expect(drawn.exact[0]?.[1]).toBeCloseTo(thresholds?.exact.f1 ?? -1, 2);
  await chart.focus();
  await page.keyboard.press('ArrowRight');
  const first = thresholds?.curve[0];
  expect(await page.locator('#f1-chart .read').textContent()).toBe(
    `Threshold ${first?.threshold.toFixed(6)}: F1 ${first?.f1.toFixed(3)}; ${first?.tp.toLocaleString('en-US')} right, ${first?.fp} wrong, ${first?.fn} rejected.`,
  );
  await chart.hover();
  expect(await page.locator('#f1-chart .read').textContent()).toMatch(/^Threshold 0\.[45]/);
});

test('works without scores, with one label and with 151', async () => {
  const silent = await open(trainingOf(evaluationOf(151, { hasScores: false })));
  expect(await silent.locator('#f1-chart').count()).toBe(0);
  expect(await silent.locator('#row-names text:visible').count()).toBeGreaterThan(50);
  await silent.locator('.pairs button').first().click();
  expect(await silent.locator('#read').textContent()).toMatch(/^actual .* predicted .* of \d+ utterances/);
  const one = evaluation.parse({
    labels: [{ id: 'only', name: 'Only' }],
    predictions: [{ label: 'only', score: 7.5 }],
    actuals: ['only'],
    trainingDurationSeconds: 1,
  });
  const page = await open(trainingOf(one));
  const { x, y } = await placeOf(page, 0, 0, 1);
  await page.mouse.move(x, y);
  expect(await page.locator('#read').textContent()).toBe('actual Only predicted Only 1 of 1 utterance, 100.0 %');
  expect(await page.locator('.chart').innerHTML()).not.toMatch(/NaN|undefined|Infinity/);
});

test('names and ids are shown, and nothing in them runs', async () => {
  const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>"'&amp;<!--`;
  const evaluated = evaluation.parse({
    labels: [
      { id: `${hostile}id`, name: hostile },
      { id: '__proto__', name: '__proto__' },
    ],
    predictions: [{ label: '__proto__', score: 0.4 }, `${hostile}id`],
    actuals: [`${hostile}id`, '__proto__'],
    trainingDurationSeconds: 1,
  });
  const page = await open({ ...trainingOf(evaluated), skillId: hostile, by: hostile, jobId: hostile });
  await page.locator('.pairs button').first().click();
  expect(await page.locator('#read').textContent()).toContain(`actual ${hostile} predicted __proto__`);
  await page.getByRole('searchbox').fill('onerror');
  expect(await page.locator('tr.label:visible b').allTextContents()).toEqual([hostile]);
  expect(await page.locator('img, body svg[onload], body script').count()).toBe(2);
  expect(await page.title()).toBe(`Training: ${hostile}`);
});

test('reads without its script', async () => {
  const page = await open(report, { javaScriptEnabled: false });
  const text = (await page.locator('header, main').allTextContents()).join();
  for (const words of ['macro F1', 'bank-2026@4', 'Most confused', 'best of the grid', 'card_declined'])
    expect(text).toContain(words);
  expect(await page.locator('tr.label:visible').count()).toBe(77);
  expect(await page.locator('#filters').isVisible()).toBe(false);
  expect(await page.locator('#cells .right:visible').count()).toBeGreaterThan(0);
  await page.getByLabel('Hide the diagonal').check();
  expect(await page.locator('#cells .right:visible').count()).toBe(0);
});

test('fits a narrow screen', async () => {
  const page = await open(report, { viewport: { width: 400, height: 800 } });
  expect(await page.locator('html').evaluate(root => root.scrollWidth)).toBe(400);
  await page.locator('.pairs button').first().click();
  await page.getByRole('button', { name: 'Zoom in' }).click();
  const box = await page.locator('#picture').boundingBox();
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(400);
  expect(await page.locator('html').evaluate(root => root.scrollWidth)).toBe(400);
});
