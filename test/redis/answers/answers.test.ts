import { createHash, randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { type AnswerTimes, openAnswers } from '../../../src/redis/answers/answers.ts';
import { compiled } from '../../compiled.ts';
import { eventually } from '../../eventually.ts';
import { startProgram } from '../../integration/program-run.ts';
import { useRedis } from '../../redis-server.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { thrownBy } from '../../thrown.ts';

const redis = useRedis();
const never = new AbortController().signal;
setMaxListeners(0, never);
const minute = 60_000;
const times: AnswerTimes = { freshMs: minute, staleMs: 10 * minute, leaseMs: 2_000, lookEveryMs: 50, keptMs: minute };
const usual = { signal: never, isOutage: () => false };

/** A cache as one process has it. */
function cache(prefix: string, change: Partial<AnswerTimes> = {}, mostBytes = 1_000_000) {
  const answers = openAnswers(redis.connect(), prefix, mostBytes, { ...times, ...change });
  onTestFinished(() => answers.close());
  return answers;
}

/** Something to wait for. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  return { open, opened };
}

test('identical requests at once make one call, and later ones none', async () => {
  const prefix = redis.prefix();
  const processes = [cache(prefix), cache(prefix), cache(prefix)];
  const { open, opened } = gate();
  let calls = 0;
  const call = async () => {
    calls += 1;
    await opened;
    return 'found';
  };
  const waiting = processes.flatMap(answers => Array.from({ length: 5 }, () => answers.get('key', call, usual)));
  await eventually(() => calls > 0);
  open();
  const answers = await Promise.all(waiting);
  expect(answers.map(({ value }) => value)).toEqual(Array(15).fill('found'));
  expect(answers.filter(({ source }) => source === 'api')).toHaveLength(1);
  expect(answers.filter(({ source }) => source === 'cache')).toHaveLength(14);
  expect(await cache(prefix).get('key', call, usual)).toMatchObject({ value: 'found', source: 'cache' });
  expect(await cache(prefix).find('key')).toMatchObject({ value: 'found', source: 'cache' });
  expect(await cache(prefix).find('other')).toBeNull();
  expect(calls).toBe(1);
});

test('a waiting process finds the answer without the hint', async () => {
  const prefix = redis.prefix();
  const client = redis.connect();
  const { open, opened } = gate();
  const first = cache(prefix).get('key', () => opened.then(() => 'found'), usual);
  await eventually(async () => (await client.exists(`${prefix}:answers:lease:key`)) === 1);
  const second = cache(prefix).get('key', async () => 'called again', usual);
  await eventually(async () => String(await client.pubsub('NUMSUB', `${prefix}:answers:done`)).endsWith(',1'));
  // The connection that would get the hint is closed.
  await client.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
  open();
  expect(await first).toMatchObject({ source: 'api' });
  expect(await second).toMatchObject({ value: 'found', source: 'cache' });
});

test('an answer that is not fresh is asked for again, and served as stale only where the call fails by an outage', async () => {
  const prefix = redis.prefix();
  const answers = cache(prefix, { freshMs: -1 });
  const outage = new Error('503');
  const fails = () => Promise.reject(outage);
  expect(await thrownBy(() => answers.get('key', fails, { ...usual, isOutage: () => true }))).toBe(outage);
  await answers.get('key', async () => 'old', usual);
  expect(await answers.get('key', async () => 'new', usual)).toMatchObject({ value: 'new', source: 'api' });
  const stale = await answers.get('key', fails, { ...usual, isOutage: error => error === outage });
  expect(stale).toMatchObject({ value: 'new', source: 'stale' });
  expect(await thrownBy(() => answers.get('key', fails, usual))).toBe(outage);
  // A failed call frees its key at once.
  expect(await redis.connect().exists(`${prefix}:answers:lease:key`)).toBe(0);
});

test('an answer that is too old is not served as stale', async () => {
  const prefix = redis.prefix();
  const client = redis.connect();
  const answers = cache(prefix, { freshMs: -1, staleMs: 200 });
  await answers.get('key', async () => 'old', usual);
  await eventually(async () => (await client.exists(`${prefix}:answers:of:key`)) === 0);
  const failure = new Error('503');
  const asked = () => answers.get('key', () => Promise.reject(failure), { ...usual, isOutage: () => true });
  expect(await thrownBy(asked)).toBe(failure);
});

test('a lease is renewed while the call takes longer, and its late holder does not replace a newer answer', async () => {
  const prefix = redis.prefix();
  const client = redis.connect();
  const { open, opened } = gate();
  const first = cache(prefix, { leaseMs: 300 }).get('key', () => opened.then(() => 'late'), usual);
  const lease = `${prefix}:answers:lease:key`;
  await eventually(async () => (await client.exists(lease)) === 1);
  const token = await client.get(lease);
  // Longer than the lease: the key would be free without its renewals.
  let seen = 0;
  await eventually(async () => {
    if ((await client.pttl(lease)) > 250) seen += 1;
    return seen > 20;
  });
  expect(await client.get(lease)).toBe(token);
  // Its lease is lost, as where its process was stopped for a while; another one has asked meanwhile.
  await client.del(lease);
  expect(await cache(prefix).get('key', async () => 'newer', usual)).toMatchObject({ source: 'api' });
  open();
  expect(await first).toMatchObject({ value: 'late', source: 'api' });
  expect(await cache(prefix).find('key')).toMatchObject({ value: 'newer' });
});

test('a process that is killed between lease and answer frees its key within 5 s', async () => {
  const [prefix, folder] = [redis.prefix(), temporaryFolder()];
  const client = redis.connect();
  const program = compiled('dist/test/integration/answers-process.js');
  const start = (does: string) =>
    startProgram([process.execPath, program, redis.socket, prefix, 'key', does], { folder, environment: {} });
  const holder = start('hang');
  await holder.said('calling');
  const waiting = start('answer');
  holder.child.kill('SIGKILL');
  await holder.ended;
  // By Redis's own clock, which decides: no renewal comes any more.
  expect(await client.pttl(`${prefix}:answers:lease:key`)).toBeLessThanOrEqual(5_000);
  const end = await waiting.ended;
  expect(end.stdout).toContain(`"value":"answered by ${waiting.child.pid}"`);
  expect(await client.get(`${prefix}:calls`)).toBe('2');
});

test('eight processes that ask at once make one call', async () => {
  const [prefix, folder] = [redis.prefix(), temporaryFolder()];
  const program = compiled('dist/test/integration/answers-process.js');
  const runs = Array.from({ length: 8 }, () =>
    startProgram([process.execPath, program, redis.socket, prefix, 'key', 'answer'], { folder, environment: {} }),
  );
  const ends = await Promise.all(runs.map(run => run.ended));
  const values = ends.map(({ stdout }) => /"value":"([^"]+)"/.exec(stdout)?.[1]);
  expect(new Set(values).size).toBe(1);
  expect(await redis.connect().get(`${prefix}:calls`)).toBe('1');
});

test('the cache keeps to its size, and what was used last stays', async () => {
  const prefix = redis.prefix();
  const client = redis.connect();
  const mostBytes = 100_000;
  const answers = cache(prefix, {}, mostBytes);
  const value = 'x'.repeat(1_000);
  const keys = Array.from({ length: 200 }, () => createHash('sha256').update(randomUUID()).digest('base64url'));
  const [first = ''] = keys;
  for (const key of keys) {
    await answers.get(key, async () => value, usual);
    // Redis counts in ms: without an order in time, the oldest of one ms is removed first.
    expect(await answers.find(first)).not.toBeNull();
  }
  const stored = await client.keys(`${prefix}:answers:of:*`);
  expect(stored.length).toBeLessThan(100);
  expect(stored.length).toBeGreaterThan(30);
  expect(Number(await client.get(`${prefix}:answers:bytes`))).toBeLessThanOrEqual(mostBytes);
  // What Redis itself counts is not more than we do.
  const usage = await Promise.all(stored.map(key => client.memory('USAGE', key)));
  expect(usage.reduce<number>((sum, bytes) => sum + Number(bytes), 0)).toBeLessThanOrEqual(mostBytes);
  expect(await client.zcard(`${prefix}:answers:used`)).toBe(stored.length);
  expect(await client.hlen(`${prefix}:answers:sizes`)).toBe(stored.length);
});

test('an answer is kept for the work that asked in the step that caches it', async () => {
  const prefix = redis.prefix();
  const keptIn = { key: `${prefix}:work`, field: '7', entry: (value: string) => `api:${value}` };
  await cache(prefix).get('key', async () => 'found', { ...usual, keptIn });
  expect(await redis.connect().hgetall(keptIn.key)).toEqual({ '7': 'api:found' });
  expect(z.number().parse(await redis.connect().pttl(keptIn.key))).toBeGreaterThan(0);
});
