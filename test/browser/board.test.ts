import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { curationSpec } from '../../jobs/flows/curation/request.ts';
import { watchCuration } from '../../jobs/flows/curation/watch.ts';
import { queueNames, registry } from '../../jobs/registry.ts';
import { type HttpServer, startHttp } from '../../producers/http/server.ts';
import { type App, openApp } from '../../src/app/app.ts';
import { readConfig } from '../../src/config/config.ts';
import { openLogger } from '../../src/logger.ts';
import { type RedisProcess, redisProcess } from '../integration/redis-process.ts';
import { findChromium } from './chromium.ts';

const login = { username: 'operator', password: 'a password of the board' };

let folder: string;
let redis: RedisProcess;
let app: App;
let http: HttpServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlops-board-'));
  redis = redisProcess(folder);
  await redis.start();
  const config = readConfig(
    {
      REDIS_URL: redis.url,
      ARTIFACTS_URL: `file://${folder}/store`,
      HTTP_PORT: '0',
      SANDBOX: '1',
      BOARD_USER: login.username,
      BOARD_PASSWORD: login.password,
      LIMIT_INTERACTIONS: '20/s',
    },
    registry,
  );
  app = await openApp(config, openLogger('silent'));
  http = await startHttp(app);
  await curate('demo');
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
  context = await browser.newContext({ httpCredentials: login, viewport: { width: 1400, height: 900 } });
  page = await context.newPage();
});

afterAll(async () => {
  await browser?.close();
  await http?.close();
  await app?.close();
  await redis?.kill();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

/** One run from start to end, with workers for its duration. */
async function curate(dataset: string): Promise<void> {
  const workers = await app.startWorkers();
  const spec = curationSpec(app.config.tenant.key, dataset, {});
  await app.queues.enqueue([spec], { restart: 'failed' });
  await watchCuration(app, spec, () => undefined, new AbortController().signal);
  await workers.stop(5_000);
}

async function html(path: string): Promise<string> {
  await page.goto(`${http.url}/board${path}`);
  await page.waitForLoadState('networkidle');
  return await page.content();
}

async function api(path: string): Promise<{ status: number; text: string }> {
  const answer = await context.request.get(`${http.url}/board/api${path}`, { headers: basic });
  return { status: answer.status(), text: await answer.text() };
}

const basic = { authorization: `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}` };

test('without a login, page, API and assets answer 401', async () => {
  for (const path of [
    '/board',
    '/board/',
    '/board/queue/fetch-page',
    '/board/api/queues',
    '/board/api/redis/stats',
    '/board/static/images/logo.svg',
  ]) {
    expect((await fetch(http.url + path)).status, path).toBe(401);
    const wrong = { authorization: `Basic ${Buffer.from(`${login.username}:wrong`).toString('base64')}` };
    expect((await fetch(http.url + path, { headers: wrong })).status, path).toBe(401);
  }
  const stranger = await browser.newContext();
  const strange = await stranger.newPage();
  const seen = await strange.goto(`${http.url}/board`).then(
    answer => String(answer?.status()),
    (error: unknown) => String(error),
  );
  expect(seen).toMatch(/^401$|ERR_INVALID_AUTH_CREDENTIALS/);
  await stranger.close();
});

test('the board shows every queue and what a run has done', async () => {
  const overview = await html('/');
  for (const name of queueNames) expect(overview).toContain(name);
  for (const name of ['fetch-page', 'extract-turns', 'embed-and-dedup']) {
    const shown = await html(`/queue/${name}?status=completed`);
    expect(shown, name).toMatch(/demo/);
    expect(await page.getByText(/\.demo\.00000001/).count(), name).toBeGreaterThan(0);
  }
  if (process.env.SCREENSHOT === '1') await screenshot();
});

test('no page asks anything of another origin', async () => {
  const visit = await context.newPage();
  const asked: string[] = [];
  const refused: string[] = [];
  visit.on('request', request => asked.push(request.url()));
  // What the policy keeps from being asked for is a mistake in the page as well.
  visit.on('console', message => {
    if (/content security policy/i.test(message.text())) refused.push(message.text());
  });
  for (const path of [
    '/board/',
    '/board/queue/fetch-page',
    '/board/queue/embed-and-dedup/commit.demo.00000001',
    '/docs/',
  ]) {
    const answer = await visit.goto(http.url + path);
    await visit.waitForLoadState('networkidle');
    if (path.startsWith('/board'))
      expect(answer?.headers(), path).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'self'"),
      });
  }
  await visit.close();
  expect(asked.filter(url => new URL(url).protocol !== 'data:' && new URL(url).origin !== http.url)).toEqual([]);
  expect(asked.length).toBeGreaterThan(4);
  expect(refused).toEqual([]);
});

test('a job shows its data, its result and its progress', async () => {
  const shown = await html('/queue/embed-and-dedup/commit.demo.00000001');
  expect(shown).toContain('commit.demo.00000001');
  const { text } = await api('/queues/embed-and-dedup/commit.demo.00000001');
  const { job } = JSON.parse(text);
  expect(job.data).toEqual({ kind: 'commit', tenant: 'sandbox', run: 'demo.00000001' });
  expect(job.returnValue).toEqual({ version: 1, watermark: expect.stringMatching(/^\d{4}-/) });
  expect(job.progress).toMatchObject({ decided: expect.any(Number), of: expect.any(Number), kept: expect.any(Number) });
  const tabs = await everyTab();
  for (const word of ['demo.00000001', 'watermark', 'decided', 'kept']) expect(tabs).toContain(word);
});

test('our own jobs and reasons are shown whole', async () => {
  const { text } = await api('/queues?activeQueue=fetch-page&status=completed&page=1&jobsPerPage=100');
  expect(text).not.toContain('redacted');
  const { queues } = JSON.parse(text);
  expect(queues.map((queue: { name: string }) => queue.name)).toEqual(queueNames);

  const { redis: access, prefix } = app;
  const reason = 'PLATFORM_UNAVAILABLE: the interaction log answered 503 to GET /api/v2/interactions, page 12 of 600';
  await fail(access.client, prefix, 'fetch-page', { name: 'fetch-page', id: 'page.demo.00000009.1', reason });
  const job = JSON.parse((await api('/queues/fetch-page/page.demo.00000009.1')).text).job;
  expect(job.failedReason).toBe(reason);
  expect(job.stacktrace.join('\n')).toContain(reason);
  expect(job.stacktrace.join('\n')).toMatch(/board\.test\.ts:\d+:\d+/);
  expect(await html('/queue/fetch-page?status=failed')).toContain(reason);
});

/** What must not be seen: a customer's sentence, one word of it, an address, numbers, keys. */
const planted = [
  'I want my money back',
  'Kuendigungswunsch',
  'jane.doe@example.com',
  'tok_live_51HxSECRET',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2ln',
  '4917612345678',
  '4111 1111 1111 1111',
] as const;
const sentence = planted.join(' / ');

test('what others put into a queue is shown nowhere', async () => {
  const { redis: access, prefix } = app;
  const name = 'fetch-page';
  const queue = new Queue(name, { connection: access.client, prefix });
  const data = Object.fromEntries([
    ...planted.map((text, index) => [`field${index}`, text] as const),
    ...planted.map(text => [text, 1] as const),
    ['number', 4917612345678],
    ['page', planted[0]],
    ['run', planted[0]],
    ['kind', planted[2]],
    ['nested', { deep: [...planted], token: planted[3] }],
    ['parameters', { text: sentence, minRating: planted[1], note: planted[1] }],
  ]);
  try {
    const waiting = [
      await queue.add(sentence, data),
      await queue.add(name, { text: sentence, utterances: [...planted] }, { jobId: planted[0] }),
      await queue.add(name, data, { jobId: planted[1], delay: 3_600_000, deduplication: { id: planted[1] } }),
      await queue.add(planted[1], [...planted], { jobId: planted[2], priority: 3 }),
      await queue.add(planted[3], planted[1], { jobId: planted[3] }),
      await queue.add(name, data, { jobId: planted[4].replaceAll('.', '-'), backoff: { type: planted[1], delay: 1 } }),
    ];
    for (const job of waiting) {
      for (const text of planted) await job.log(text);
      await job.updateProgress({ stage: sentence, [planted[1]]: 4917612345678, done: 1 });
    }
    await waiting[0]?.updateProgress(sentence);
    await queue.upsertJobScheduler('nightly', { every: 3_600_000 }, { name: planted[0], data, opts: { attempts: 2 } });
    await queue.upsertJobScheduler(planted[0], { pattern: '0 3 * * *', tz: 'Europe/Berlin' }, { name, data });
    for (const [index, text] of planted.entries())
      await fail(access.client, prefix, name, {
        name,
        id: `page.planted.${index}`,
        reason: text,
        data,
        returned: sentence,
      });
    await fail(access.client, prefix, name, {
      name,
      id: 'page.planted.said',
      reason: `PLATFORM_REFUSED: it says: ${planted.slice(2).join(' ')}`,
      data,
    });

    const ids = (await queue.getJobs()).map(job => job.id ?? '');
    const answers = new Map<string, string>();
    const statuses = [
      'latest',
      'active',
      'waiting',
      'waiting-children',
      'prioritized',
      'completed',
      'failed',
      'delayed',
    ];
    const paths = [
      ...statuses.map(status => `/queues?activeQueue=${name}&status=${status}&page=1&jobsPerPage=100`),
      '/job-schedulers',
      `/job-schedulers?queueName=${name}`,
      '/redis/stats',
      ...['metrics', 'default-job-options', 'workers', 'rate-limit', 'job-data-schema'].map(
        part => `/queues/${name}/${part}`,
      ),
      ...ids.flatMap(id => ['', '/logs', '/flow'].map(part => `/queues/${name}/${encodeURIComponent(id)}${part}`)),
    ];
    for (const path of paths) {
      const { status, text } = await api(path);
      expect(status, path).toBeLessThan(400);
      answers.set(path, text);
    }
    for (const [path, text] of answers) for (const secret of planted) expect(text, path).not.toContain(secret);
    for (const [path, text] of answers) expect(text, path).not.toMatch(/Kuendigung|money|jane|tok_live|eyJ|49176|4111/);

    for (const status of statuses) expectNothing(await html(`/queue/${name}?status=${status}`));
    expectNothing(await html('/job-schedulers'));
    for (const id of ['page.planted.0', 'page.planted.said']) {
      expect(await html(`/queue/${name}/${id}`)).toContain(id);
      expectNothing(await everyTab());
    }
    expect(await html('/job-schedulers')).toContain('nightly');
  } finally {
    await queue.close();
  }
});

test('a job that cannot be read is not quoted', async () => {
  const { client } = app.redis;
  const key = `${app.prefix}:extract-turns:turns.planted.torn`;
  await client.hset(key, { name: 'extract-turns', data: 'I want my money back', opts: '{}', timestamp: '1' });
  const { status, text } = await api('/queues/extract-turns/turns.planted.torn');
  await client.del(key);
  expect(status).toBe(500);
  expect(text).not.toContain('money');
});

function expectNothing(text: string): void {
  expect(text).not.toMatch(/Kuendigung|money|jane|tok_live|eyJ|49176|4111/);
}

/** What the tabs of the job's page show, one after the other; it opens with the data. */
async function everyTab(): Promise<string> {
  const texts = [await page.content()];
  for (const label of ['Progress', 'Options', 'Logs', 'Error', 'Data']) {
    await page
      .locator('main button')
      .filter({ hasText: new RegExp(`^${label}$`) })
      .first()
      .click();
    await vi.waitUntil(async () => (await page.content()) !== texts.at(-1), { timeout: 10_000 });
    texts.push(await page.content());
  }
  return texts.join('\n');
}

interface Failing {
  readonly name: string;
  readonly id: string;
  readonly reason: string;
  readonly data?: unknown;
  readonly returned?: string;
}

/** A job of plain BullMQ that fails for good with `reason`. */
async function fail(
  client: Redis,
  prefix: string,
  name: string,
  { id, reason, data = {}, ...job }: Failing,
): Promise<void> {
  const connection = client.duplicate();
  const queue = new Queue(name, { connection, prefix });
  const added = await queue.add(job.name, data, { jobId: id, attempts: 1, priority: 1, lifo: true });
  const worker = new Worker(name, null, { connection, prefix, autorun: false });
  try {
    await worker.waitUntilReady();
    await vi.waitFor(async () => {
      const token = `test-${id}`;
      const taken = await worker.getNextJob(token, { block: false });
      if (taken?.id !== added.id) {
        await taken?.moveToFailed(new Error(reason), token);
        throw new Error('another one came first');
      }
      await taken?.moveToFailed(new Error(reason), token);
    });
  } finally {
    await worker.close();
    await queue.close();
    connection.disconnect();
  }
}

async function screenshot(): Promise<void> {
  const workers = await app.startWorkers();
  await html('/queue/embed-and-dedup?status=completed');
  await page.screenshot({ path: 'docs/board.png' });
  await workers.stop(5_000);
}
