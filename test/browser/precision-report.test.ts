import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { PrecisionFigures } from '../../src/reports/precision-input.ts';
import { precisionPage } from '../../src/reports/precision-report.ts';
import { alertsOf, figuresOf } from '../reports/precision-fixture.ts';
import { findChromium } from './chromium.ts';

let folder: string;
let browser: Browser;
const pages: Page[] = [];
/** What the pages wrote to their console, threw, or requested from a network. */
const complaints: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlops-report-'));
  browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
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

async function open(figures: PrecisionFigures, width = 1280): Promise<Page> {
  const file = join(folder, 'precision.html');
  await writeFile(file, precisionPage(figures));
  const page = await browser.newPage({ viewport: { width, height: 900 } });
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

test('draws a curve with its interval for each trigger, and the alerts of each day', async () => {
  const figures = figuresOf(alertsOf(100));
  const page = await open(figures);
  expect(await page.locator('#curve-charts figure').count()).toBe(2);
  expect(await page.locator('#curve-charts figcaption').allTextContents()).toEqual(['anger, block', 'anger, notify']);
  for (const mark of ['.curve', '.interval']) {
    const paths = page.locator(`#curve-charts .chart > ${mark}`);
    expect(await paths.count()).toBe(2);
    for (const path of await paths.all()) expect(await path.getAttribute('d')).toMatch(/^M[\d. HVLZ-]+$/);
  }
  expect(await page.locator('#curve-charts .key').allTextContents()).toEqual([
    'precision95 % interval',
    'precision95 % intervalin force, 0.600',
  ]);
  const columns = await page.locator('#day-chart .day-confirmed title').allTextContents();
  const sum = columns.reduce((total, text) => total + Number(/: (\d+)/.exec(text)?.[1]), 0);
  expect(sum).toBe(figures.precision.confirmed);
});

test('reads a threshold by the keyboard and under the pointer', async () => {
  const page = await open(figuresOf(alertsOf(100)));
  const chart = page.locator('#curve-charts .chart').first();
  const words = page.locator('#curve-charts .read').first();
  await chart.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  expect(await words.textContent()).toMatch(
    /^Threshold 0\.\d{3}: precision 0\.\d{4} \(0\.\d{3}–0\.\d{3}\); \d+ confirmed/,
  );
  await chart.hover({ position: { x: 100, y: 80 } });
  expect(await page.locator('#curve-charts .reading .chosen').count()).toBe(1);
});

test('shows hostile names as text, on a narrow screen too', async () => {
  const name = '<img src=x onerror=alert(1)></script>';
  const page = await open(figuresOf(alertsOf(20, name)), 360);
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.locator('th[scope=row]').first().textContent()).toBe(name);
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
  expect(overflow).toBeLessThanOrEqual(0);
});

test('shows a tenant without alerts', async () => {
  const page = await open(figuresOf([]));
  expect(await page.locator('figure').count()).toBe(0);
  expect(await page.getByText('no alert was judged yet').isVisible()).toBe(true);
});
