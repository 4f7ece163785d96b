import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { App } from '../../src/app/app.ts';
import { bullQueue } from '../../src/runtime/queues.ts';
import { openReceiver } from '../webhook-receiver.ts';
import { commands } from './commands.ts';
import { everyFile, everythingIn, everythingOnBoard, type Place } from './leak-places.ts';
import { exportOf, givenOut, markedSite } from './marked-tenant.ts';
import { finderOf, secrets, texts } from './markers.ts';
import type { ProgramRun } from './program-run.ts';
import { idle, openSite, type Site, timeouts } from './site.ts';
import { addressOf } from './up-address.ts';

let issued: () => string[];
beforeEach(() => {
  issued = givenOut();
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** `where: marker` of each marker found. */
function leaksIn(places: readonly Place[], find: (text: string) => string[]): string[] {
  return places.flatMap(([where, text]) => find(text).map(marker => `${where}: ${marker}`));
}

const anyMarker = () => finderOf([...Object.values(secrets), ...Object.values(texts)], issued());
const anySecret = () => finderOf(Object.values(secrets), issued());

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});
const json = { ...bearer(secrets.key), 'content-type': 'application/json' };

/** All that a deployment can be given. */
const variables = (hook: string) => ({
  LOG_LEVEL: 'trace',
  HTTP_PORT: '0',
  API_KEYS: secrets.key,
  BOARD_USER: 'operator',
  BOARD_PASSWORD: secrets.password,
  BOARD_VIEWER_USER: 'client',
  BOARD_VIEWER_PASSWORD: secrets.viewer,
  WEBHOOK_SECRET: `whsec_${Buffer.from(secrets.signing).toString('base64')}`,
  NOTIFY_WEBHOOK_URL: `${hook}?key=${secrets.hook}`,
  LIMIT_INTENTS: '500/s',
  LIMIT_CONFIG: '500/s',
  LIMIT_SUBMIT: '500/s',
  LIMIT_POLL: '500/s',
});

/** Asks over HTTP, and keeps every answer, its headers too. */
class Client {
  readonly answers: Place[] = [];
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async ask(path: string, init: RequestInit = {}): Promise<{ status: number; text: string }> {
    const answer = await fetch(`${this.#url}${path}`, { redirect: 'manual', ...init });
    const text = await answer.text();
    const method = init.method ?? 'GET';
    this.answers.push([`${method} ${path}`, `${JSON.stringify([...answer.headers])}\n${text}`]);
    return { status: answer.status, text };
  }

  async post(path: string, body: unknown, headers: Readonly<Record<string, string>> = json) {
    return await this.ask(path, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }
}

test('a scan finds what is there, however it is kept', async () => {
  const site = await openSite();
  const redis = site.client();
  const marker = texts.user;
  await redis.set('string', marker);
  await redis.hset('hash', 'field', Buffer.from(`operator:${secrets.password}`).toString('base64'));
  await redis.rpush('list', marker.toUpperCase());
  await redis.sadd('set', Buffer.from(secrets.key).toString('hex'));
  await redis.zadd('zset', 1, marker);
  await redis.xadd('stream', '*', 'field', marker);
  await redis.set(`key ${marker}`, '');
  await redis.set('other', 'nothing');
  const found = leaksIn(await everythingIn(redis), anyMarker()).map(each => each.split(':')[0]);
  expect(found.sort()).toEqual(['hash', `key ${marker}`, 'list', 'set', 'stream', 'string', 'zset']);
});

test('no secret and no text of a customer is anywhere but where it belongs', { timeout: 180_000 }, async () => {
  const site = await markedSite();
  const receiver = await openReceiver();
  const settings = variables(receiver.url);
  const up = site.startCli(['up'], settings);
  const address = await addressOf(up);
  const client = new Client(address);
  const board = new Client(address);
  const worker = site.startCli(['worker'], settings);
  const app = await site.app(settings);

  await askWrongly(client);
  receiver.answerNext({ status: 500 }, null, { status: 302, headers: { location: receiver.url } });
  await curateAndTune(client, site);
  const given = await giveFiles(site, settings);
  await fail(client, site);
  await idle(app);

  const looked = await lookAround(site, settings);
  const [removed, ...outputs] = looked;
  await client.ask('/metrics', { headers: bearer(secrets.key) });
  await everythingOnBoard(path => page(board, path));
  const redis: Place[] = [...(await everythingIn(site.client())), ...(await everyFile(`${site.folder}/redis`))];
  const posted = receiver.posted.map(
    ({ path, headers, body }): Place => [path.split('?')[0] ?? '', JSON.stringify([headers, body])],
  );

  await addForeign(app);
  await everythingOnBoard(path => page(board, path));
  const logs = [...given, ...outputs, ...(await ended({ up, worker }))];

  const places = { logs, redis, board: board.answers, answers: client.answers, posted };
  for (const [name, some] of Object.entries(places)) {
    expect(some.length, name).toBeGreaterThan(2);
    expect.soft(leaksIn(some, anyMarker()), name).toEqual([]);
  }
  // That there was something to find: the texts are where they belong, and the secrets were used.
  const store = await everyFile(site.artifacts);
  expect(leaksIn(store, anySecret())).toEqual([]);
  expect(issued().length).toBeGreaterThan(3);
  const kept = leaksIn(store, anyMarker()).map(each => each.split('/')[1]);
  expect([...new Set(kept)].sort()).toEqual(['datasets', 'runs', 'trainings', 'uploads']);
  expect(leaksIn([removed ?? ['', '']], anyMarker())).not.toEqual([]);
});

async function page(client: Client, path: string): Promise<string> {
  return (await client.ask(path, { headers: basic('operator', secrets.password) })).text;
}

/** Keys that are wrong, and texts in whatever place takes something. */
async function askWrongly(client: Client): Promise<void> {
  for (const path of ['/v1/jobs/tuning.x', '/board', '/board/api/queues', '/metrics', '/docs/json'])
    for (const headers of [
      {},
      bearer(secrets.wrongKey),
      basic('operator', secrets.wrongPassword),
      basic(secrets.wrongKey, ''),
      { authorization: secrets.wrongKey },
      { authorization: `Basic ${secrets.wrongKey}` },
    ])
      expect((await client.ask(path, { headers })).status, path).toBe(401);

  const text = texts.misplaced;
  const curation = { dataset: 'demo' };
  const bodies: readonly (readonly [string, unknown])[] = [
    ...[
      { dataset: text },
      { ...curation, since: text },
      { ...curation, minRating: text },
      { ...curation, bots: text },
    ].map(body => ['/v1/curations', body] as const),
    ...[text, [text], `{"dataset": "${text}`, `"${text}"`].map(body => ['/v1/curations', body] as const),
    ...[text, `${text}\n1,2\n`, `${exportOf(0.5)}greet,${text},0.5,\n`, `${exportOf(0.5)}greet,1,${text},\n`].map(
      csv => ['/v1/tunings', { csv }] as const,
    ),
    ['/v1/tunings', { csv: `${exportOf(0.5)}greet,1,"${text}` }],
    ['/v1/tunings', { csv: exportOf(0.5), maxFpr: text }],
  ];
  for (const [path, body] of bodies) {
    const { status, text: said } = await client.post(path, body);
    expect(status, said).toBeGreaterThanOrEqual(400);
  }
  const { status } = await client.post('/v1/curations', curation, { ...json, 'idempotency-key': text });
  expect(status).toBe(400);
}

async function curateAndTune(client: Client, { sandbox }: Site): Promise<void> {
  const withKey = { ...json, 'idempotency-key': secrets.idempotency };
  const upload = await client.post('/v1/uploads?name=export.csv', exportOf(0.55), {
    ...bearer(secrets.key),
    'content-type': 'text/csv',
  });
  const { ref } = z.object({ ref: z.uuid() }).parse(JSON.parse(upload.text));
  sandbox.failNext({ kind: '401', match: '/api/v2/interactions' });
  sandbox.failNext({ kind: '5xx', match: '/api/v2/interactions' });
  const asked = [
    await client.post('/v1/curations', { dataset: 'demo' }, withKey),
    await client.post(
      '/v1/tunings',
      { csv: exportOf(0.6), push: true },
      { ...withKey, 'idempotency-key': `${secrets.idempotency}-2` },
    ),
    await client.post('/v1/tunings', { csv: ref }, json),
  ];
  for (const { status, text } of asked) {
    expect(status, text).toBe(202);
    const { id } = z.object({ id: z.string() }).parse(JSON.parse(text));
    const job = async () => await client.ask(`/v1/jobs/${id}`, { headers: bearer(secrets.key) });
    await vi.waitUntil(async () => /"state":"(succeeded|failed)"/.test((await job()).text), timeouts);
    expect((await job()).text).toContain('"state":"succeeded"');
    await client.ask(`/v1/jobs/${id}/report`, { headers: bearer(secrets.key) });
  }
}

type Settings = ReturnType<typeof variables>;

/** Files at the command line, good and bad: trainings that come to their end, fail there, and are refused. */
async function giveFiles(site: Site, settings: Settings): Promise<Place[]> {
  site.sandbox.trainings.plan({ end: 'FAILED', reason: 'The loss is not finite.' });
  const train = (file: string, ...more: string[]) => ['train', '--skill', 'skill-1', '--data', file, ...more];
  const lines = [
    train('data.json'),
    train('refused.json'),
    train('data.json', '--balance', 'downsample'),
    ...['text-as-language', 'text-as-label', 'no', 'wrong'].map(name => train(`${name}.json`)),
    ['tune', '--csv', 'export.csv', '--push', '--force'],
    ['tune', '--csv', 'bad.csv'],
    ['tune', '--csv', 'headless.csv'],
  ];
  const ends = await commands(site, lines, settings);
  expect(ends.map(({ code }) => code)).toEqual([0, 0, 0, 0, 2, 2, 2, 0, 2, 2]);
  return outputOf(lines, ends);
}

/** The platform goes wrong with texts in its answers; the run fails for good, and is told. */
async function fail(client: Client, { sandbox }: Site): Promise<void> {
  const isPage = { match: '/api/v2/interactions', times: 50 } as const;
  sandbox.failNext({
    kind: 'wrong-shape',
    body: { interactions: [{ text: texts.answer }], [texts.answer]: 1 },
    ...isPage,
  });
  const { text } = await client.post('/v1/curations', { dataset: 'other' });
  const { id } = z.object({ id: z.string() }).parse(JSON.parse(text));
  const job = async () => (await client.ask(`/v1/jobs/${id}`, { headers: bearer(secrets.key) })).text;
  await vi.waitUntil(async () => (await job()).includes('"state":"failed"'), timeouts);
}

/** What operators look at; the first is where they ask for texts. */
async function lookAround(site: Site, settings: Settings): Promise<Place[]> {
  const lines = [
    ['dataset', 'show', 'demo', '--removed', '5'],
    ['dataset', 'show', 'demo'],
    ['dataset', 'verify', 'demo'],
    ['doctor'],
    ['audit', 'tail', '-n', '1000', '--json'],
    ['audit', 'verify'],
    ['config', 'history'],
    ['models', 'list'],
    ['models', 'show', '1'],
    ['jobs', 'failed', '--json'],
  ];
  return outputOf(lines, await commands(site, lines, settings));
}

function outputOf(lines: readonly (readonly string[])[], ends: readonly { stdout: string; stderr: string }[]): Place[] {
  return ends.map(({ stdout, stderr }, index) => [(lines[index] ?? []).join(' '), `${stdout}\n${stderr}`] as const);
}

/** Jobs that another system puts in, with texts where none belong: what they hold is in Redis, and nowhere else. */
async function addForeign(app: App): Promise<void> {
  const text = texts.foreign;
  const queue = bullQueue(app.queues, 'fetch-page');
  const own = app.config.tenant.key;
  const jobs = [
    { kind: text, tenant: own },
    { kind: 'page', tenant: own, run: text, page: text, [text]: 1 },
    { kind: 'open', tenant: own, dataset: text, request: 'x', parameters: { since: text, [text]: 1 } },
    { kind: 'open', tenant: text, dataset: 'demo', request: 'y', parameters: {} },
  ];
  const before = await queue.getFailedCount();
  for (const data of jobs) await queue.add(queue.name, data);
  const ids = [text, /zq\w+/.exec(text)?.[0] ?? ''];
  for (const jobId of ids) await queue.add(text, { kind: text }, { jobId });
  await vi.waitUntil(async () => (await queue.getFailedCount()) === before + jobs.length + ids.length, timeouts);
}

async function ended(programs: Readonly<Record<string, ProgramRun>>): Promise<Place[]> {
  return await Promise.all(
    Object.entries(programs).map(async ([name, { child, ended: end }]) => {
      child.kill('SIGTERM');
      const { code, stdout, stderr } = await end;
      expect(code, name).toBe(0);
      expect(stderr, name).toContain('"level":');
      return [name, `${stdout}\n${stderr}`] as const;
    }),
  );
}
