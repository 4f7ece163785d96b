import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { interaction } from '../../src/domain/interaction/interaction.ts';
import { builtInCorpus } from '../../src/sandbox/corpus/built-in.ts';
import { type ProgramEnd, type ProgramRun, processesOf, startProgram } from '../integration/program-run.ts';
import { addressOf } from '../integration/up-address.ts';
import { findChromium } from './chromium.ts';
import { takePictures } from './pictures.ts';

const program = fileURLToPath(new URL('../../bin/cxone-mlops.js', import.meta.url));
const wantsPictures = process.env.SCREENSHOT === '1';

let folder: string;
let up: ProgramRun;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlops-first-day-'));
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
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
});

afterAll(async () => {
  await browser?.close();
  up?.child.kill('SIGKILL');
  await up?.ended;
  if (folder === undefined) return;
  await vi.waitUntil(() => processesOf(folder).length === 0, timeouts);
  await rm(folder, { recursive: true, force: true });
});

const timeouts = { timeout: 90_000, interval: 50 } as const;

/** Nothing is configured; the port and the place of the sockets only keep it out of the way of whatever else runs here. */
function start(...words: string[]): ProgramRun {
  const environment = { HTTP_PORT: '0', SANDBOX: '1', TMPDIR: folder };
  return startProgram([process.execPath, program, ...words], { folder, environment });
}

async function cxone(...words: string[]): Promise<ProgramEnd> {
  const end = await start(...words).ended;
  expect(end, `${words.join(' ')}: ${end.stderr}`).toMatchObject({ code: 0 });
  return end;
}

const accepted = z.object({ id: z.string(), queue: z.literal('fetch-page'), statusUrl: z.url() });
const job = z.object({ state: z.string(), result: z.unknown().optional() });
const curated = z.object({ dataset: z.literal('support'), version: z.literal(1), kept: z.int().positive() });

test('a first day: up, a schedule, the board, a request over HTTP, and the end of it', async () => {
  up = start('up');
  const url = await addressOf(up);
  const set = await cxone('schedule', 'set', 'often', '--every', '10s', '--', 'curate', '--dataset', 'support');
  expect(set.stdout).toMatch(/^often: every 10s; next \d{4}-/);

  await page.goto(`${url}/board`);
  for (const queue of ['run-schedule', 'fetch-page']) await page.getByText(queue, { exact: false }).first().waitFor();
  await completedJob(url, 'run-schedule', /^slot\.often\./);
  await completedJob(url, 'fetch-page', /^open\.support\.often-/);
  await expectNoCustomer();

  const answer = await fetch(`${url}/v1/curations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'nightly-1' },
    body: JSON.stringify({ dataset: 'support' }),
  });
  expect(answer.status).toBe(202);
  const { statusUrl } = accepted.parse(await answer.json());
  const state = async () => job.parse(await (await fetch(statusUrl)).json());
  await vi.waitUntil(async () => !['waiting', 'running'].includes((await state()).state), timeouts);
  const { state: ended, result } = await state();
  expect(ended).toBe('succeeded');
  expect(curated.safeParse(result).error).toBeUndefined();

  await completedJob(url, 'embed-and-dedup', /^commit\.support\.00000001$/);
  await expectNoCustomer();
  // They are there for who asks: what was looked for is what this run has read.
  const { stdout } = await cxone('dataset', 'show', 'support', '--removed', '5');
  expect(said.filter(text => stdout.includes(text)).length).toBeGreaterThan(0);
  if (wantsPictures) await takePictures({ page, url, folder, cxone });

  up.child.kill('SIGTERM');
  expect(await up.ended).toMatchObject({ code: 0, signal: null });
  await vi.waitUntil(() => processesOf(folder).length === 0, timeouts);
});

/** Opens, from the queue's page, the job that has completed, and looks at all that its page has of it. */
async function completedJob(url: string, queue: string, id: RegExp): Promise<void> {
  const link = page.getByRole('link', { name: id }).first();
  await vi.waitUntil(async () => {
    await page.goto(`${url}/board/queue/${queue}?status=completed`);
    await page.waitForLoadState('networkidle');
    return (await link.count()) > 0;
  }, timeouts);
  await expectNoCustomer();
  await link.click();
  await page.waitForURL(new RegExp(`/board/queue/${queue}/[^?]`));
  await page.getByText('support').first().waitFor();
}

/** All that anybody says in the sandbox's conversations; the shortest are words that a page may have as well. */
const said = [
  ...new Set(
    builtInCorpus(Date.now()).flatMap(({ json }) => {
      const read = interaction.safeParse(JSON.parse(json));
      return (read.data?.messages ?? []).map(({ text }) => text.trim());
    }),
  ),
].filter(text => text.length > 12);

async function expectNoCustomer(): Promise<void> {
  expect(said.length).toBeGreaterThan(1_000);
  const shown = [await page.content(), (await page.locator('body').textContent()) ?? ''];
  expect(said.filter(text => shown.some(each => each.includes(text)))).toEqual([]);
}
