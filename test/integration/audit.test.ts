import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { registry } from '../../jobs/registry.ts';
import { openStored } from '../../src/app/stored.ts';
import { readConfig } from '../../src/config/config.ts';
import { openAudit } from '../../src/store/audit/audit.ts';
import { commands } from './commands.ts';
import { openSite, type Site } from './site.ts';

const report = z.object({
  segments: z.number(),
  entries: z.number(),
  head: z.object({ number: z.number(), sha256: z.string() }).nullable(),
  findings: z.array(z.object({ segment: z.number().nullable(), what: z.string() })),
  openIntents: z.array(z.object({ id: z.string() })),
  erasedTexts: z.number(),
});

/** As an operator's host that reaches the store alone. */
const withoutRedis = { REDIS_URL: 'redis://127.0.0.1:1' };

async function stored(site: Site) {
  const { store } = openStored(readConfig(site.environment(), registry));
  await store.establish();
  return { audit: openAudit(store), place: store.place };
}

const change = (id: string) => ({
  id,
  what: 'config.push',
  by: 'schedule\nnightly',
  details: { url: 'https://host/x?sig=abc' },
});

test('the audit log is checked and read at the command line, without Redis', async () => {
  const site = await openSite();
  const all = async (...lines: string[][]) =>
    await commands(
      site,
      lines.map(words => ['audit', ...words]),
      withoutRedis,
    );
  const audit = async (...words: string[]) => (await all(words))[0];
  expect(await all(['verify'], ['tail'])).toMatchObject([{ code: 0 }, { code: 0, stdout: '' }]);

  const { audit: log, place } = await stored(site);
  await log.intent(change('push-1'));
  await log.outcome(change('push-1'));
  await log.append([{ id: 'q1', kind: 'inference', what: 'entities.extract', by: 'bot', details: {}, text: 'Hello' }]);
  await log.intent(change('push-2'));

  const whole = await audit('verify', '--json');
  expect(whole?.code).toBe(0);
  const { head, ...counts } = report.parse(JSON.parse(whole?.stdout ?? ''));
  expect(counts).toMatchObject({
    segments: 4,
    entries: 4,
    findings: [],
    openIntents: [{ id: 'push-2' }],
    erasedTexts: 0,
  });
  const noted = `${head?.number}:${head?.sha256}`;
  const [forPeople, tail, everything, erasure, after] = await all(
    ['verify', '--expect', noted],
    ['tail', '-n', '2'],
    ['tail', '--json'],
    ['erase', 'q1', '--by', 'ada', '--json'],
    ['verify', '--json'],
  );
  expect(forPeople).toMatchObject({ code: 0, stderr: '' });
  expect(forPeople?.stdout).toContain(noted);

  const lines = (tail?.stdout ?? '').trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^\S+Z {2}inference {2}entities\.extract {2}q1 {2}bot {2}\{\}$/);
  expect(lines[1]).toMatch(/intent {5}config\.push {2}push-2 {2}schedule\?nightly {2}\{"url":"https:\/\/host\/x"\}$/);
  const listed = z
    .object({ tenant: z.literal('default'), entries: z.array(z.object({ segment: z.number(), id: z.string() })) })
    .parse(JSON.parse(everything?.stdout ?? ''));
  expect(listed.entries.map(each => each.id)).toEqual(['push-1', 'push-1', 'q1', 'push-2']);

  expect(JSON.parse(erasure?.stdout ?? '')).toEqual({ tenant: 'default', id: 'q1', erased: 1 });
  expect(JSON.parse(after?.stdout ?? '')).toMatchObject({
    entries: 5,
    findings: [],
    erasedTexts: 1,
  });

  const second = join(place, 'audit', 'log', '000000000002.jsonl');
  const bytes = await readFile(second, 'utf8');
  await writeFile(second, bytes.replace('config.push', 'config.pusH'));
  const altered = await audit('verify');
  expect(altered).toMatchObject({ code: 1, stdout: expect.stringMatching(/^segment 2: damaged/) });
  await rm(second);
  const missing = await audit('verify', '--json');
  expect(missing?.code).toBe(1);
  expect(report.parse(JSON.parse(missing?.stdout ?? '')).findings).toEqual([{ segment: 2, what: 'missing' }]);

  await writeFile(second, bytes);
  await rm(join(place, 'audit', 'log', '000000000005.jsonl'));
  await rm(join(place, 'audit', 'log', '000000000004.jsonl'));
  expect(await all(['verify'], ['verify', '--expect', noted])).toMatchObject([
    { code: 0 },
    { code: 1, stdout: expect.stringMatching(/^segment 4: missing/) },
  ]);
});

test('what is no head, and no count, is bad input', async () => {
  const site = await openSite();
  const lines = [
    ['audit', 'verify', '--expect', '4'],
    ['audit', 'verify', '--expect', `0:${'a'.repeat(64)}`],
    ['audit', 'tail', '-n', 'x'],
    ['audit', 'erase'],
  ];
  for (const [index, end] of (await commands(site, lines, withoutRedis)).entries())
    expect(end, lines[index]?.join(' ')).toMatchObject({ code: 2, stdout: '' });
});
