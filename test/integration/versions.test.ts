import { createReadStream } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'fast-csv';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { conversation, conversations, noon } from './conversations.ts';
import { contentOf, takenRows, wantedRows } from './dataset-content.ts';
import { curate, frozenTenant, openSite, storeOf } from './site.ts';

async function readCsv(file: string): Promise<string[][]> {
  const rows: string[][] = [];
  for await (const row of createReadStream(file).pipe(parse())) rows.push(z.array(z.string()).parse(row));
  return rows;
}

const header = [
  'interaction_id',
  'timestamp',
  'bot_id',
  'rating',
  'user_utterance',
  'bot_response',
  'similarity_score',
  'dedup_group',
];

test('texts are exported as they were written, whatever is in them', async () => {
  const long = 'Why? '.repeat(20_000).trim();
  const texts = [
    'two lines,\nand a "quote"',
    'carriage\r\nreturn',
    '=SUM(A1:A9)',
    '@cmd|calc',
    'emoji 🤷‍♀️ 日本語 مرحبا',
    'a\u2028separator',
    "it's 5' 11\"",
    long,
    '""',
  ];
  const odd = texts.map((text, index) => ({
    ...conversation(`odd${index}`, noon, 100 + index),
    messages: [
      { from: 'user', text, timestamp: noon },
      { from: 'bot', text: `${text}!`, timestamp: noon },
    ],
  }));
  const silent = {
    ...conversation('silent', noon, 50),
    messages: [
      { from: 'user', text: 'Hello?', timestamp: noon },
      { from: 'bot', text: null, timestamp: noon },
      { from: 'bot', timestamp: noon },
      { from: 'user', text: null, timestamp: noon },
      { from: 'agent', text: 'I am a human', timestamp: noon },
      { from: 'bot', text: '  the answer\t', timestamp: noon },
      { from: 'bot', text: 'and more', timestamp: noon },
    ],
  };
  const site = await openSite(frozenTenant({ interactions: [...odd, silent, ...conversations(30)] }));
  const app = await site.workingHouse();
  const summary = await curate(app, 'demo');

  const [out, removed] = [join(site.folder, 'kept.csv'), join(site.folder, 'removed.csv')];
  expect(await site.cli(['dataset', 'export', 'demo', '--out', out, '--removed', removed])).toMatchObject({ code: 0 });
  const [keptHeader, ...kept] = await readCsv(out);
  const [removedHeader, ...duplicates] = await readCsv(removed);
  expect([keptHeader, removedHeader]).toEqual([header, header]);
  expect([kept.length, duplicates.length]).toEqual([summary.kept, summary.removed]);

  const rows = [...kept, ...duplicates].map(([id, timestamp, bot, rating, user, response]) =>
    JSON.stringify([id, timestamp, bot, Number(rating), user, response]),
  );
  expect(rows.sort()).toEqual(wantedRows(site.sandbox.records()));
  for (const [index, text] of texts.entries())
    expect([...kept, ...duplicates].filter(row => row[0] === `odd${index}`).map(row => row.slice(4, 6))).toEqual([
      [text, `${text}!`],
    ]);
  expect([...kept, ...duplicates].filter(([id]) => id === 'silent').map(row => row.slice(4, 6))).toEqual([
    ['Hello?', 'the answer'],
  ]);

  expect(kept.map(row => row.slice(6))).toEqual(kept.map((_, group) => ['1.0', String(group)]));
  for (const [, , , , , , cosine = '', group = ''] of duplicates) {
    expect(cosine).toMatch(/^[01]\.\d{4}$/);
    expect(Number(cosine)).toBeGreaterThanOrEqual(0.85);
    expect(kept[Number(group)]).toBeDefined();
  }
  const bytes = await readFile(out);
  expect(bytes.subarray(0, 15).toString()).toBe('interaction_id,');
  expect(bytes.at(-1)).toBe(0x0a);
  expect(bytes.toString('utf8').split('\r').length).toBe(
    texts.some(text => kept.some(row => row[4] === text) && text.includes('\r')) ? 3 : 1,
  );
});

test('an old version can be read, and made the newest again; what it does not hold is fetched again on a rewind only', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(60) }));
  const app = await site.workingHouse();
  await curate(app, 'demo');
  const first = await contentOf(app.datasets, 'demo', 1);
  site.sandbox.clock.advance(3_600_000);
  site.sandbox.insert(conversation('after', noon, -1_800, { texts: ['Can I bring my dog along?'] }));
  const quick = { ratingHorizonMs: 0 };
  expect(await curate(app, 'demo', quick)).toMatchObject({ version: 2, kept: 1 });
  const all = wantedRows(site.sandbox.records());
  expect(takenRows(await contentOf(app.datasets, 'demo', 2))).toEqual(all);

  const out = join(site.folder, 'first.csv');
  expect(await site.cli(['dataset', 'export', 'demo@1', '--out', out])).toMatchObject({ code: 0 });
  expect((await readCsv(out)).slice(1).map(row => row[0])).toEqual(first.kept.map(([id]) => id));
  const shown = await site.cli(['dataset', 'show', 'demo@1', '--json']);
  expect(JSON.parse(shown.stdout)).toMatchObject({ version: 1, kept: first.kept.length });
  expect(await site.cli(['dataset', 'show', 'demo@9', '--json'])).toMatchObject({ code: 2 });

  expect(await site.cli(['dataset', 'restore', 'demo@1', '--json'])).toMatchObject({ code: 0 });
  const { entries } = await app.audit.tail(2);
  expect(entries.map(({ kind, what, details }) => [kind, what, details.version, details.made ?? null])).toEqual([
    ['intent', 'dataset.restore', 1, null],
    ['outcome', 'dataset.restore', 1, 3],
  ]);
  expect(await contentOf(app.datasets, 'demo', 3)).toEqual(first);
  // The watermark stays; and though this window reaches back over the row in between, what was taken once is not again.
  expect(await curate(app, 'demo', { ...quick, lookBackMs: 4 * 3_600_000 })).toMatchObject({ version: 4, kept: 0 });
  expect(await contentOf(app.datasets, 'demo')).toEqual(first);

  expect(await site.cli(['dataset', 'restore', 'demo@1', '--rewind', '--json'])).toMatchObject({ code: 0 });
  expect(await curate(app, 'demo', quick)).toMatchObject({ version: 6, kept: 1 });
  expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(all);
  const { parts, nextGroup } = (await app.datasets.version('demo')).entry;
  expect(parts.map(part => part.firstGroup)).toEqual([0, first.kept.length + 1]);
  expect(nextGroup).toBe(first.kept.length + 2);
  expect(await site.cli(['dataset', 'verify', 'demo'])).toMatchObject({ code: 0 });
});

test('a run that failed before its dataset was set back is closed, and the next one fetches what lies between', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(60) }));
  const app = await site.workingHouse();
  const quick = { ratingHorizonMs: 0 };
  await curate(app, 'demo', quick);
  const insertLater = (id: string, text: string) => {
    site.sandbox.clock.advance(3_600_000);
    const now = new Date(site.sandbox.clock.now()).toISOString();
    site.sandbox.insert(conversation(id, now, 60, { texts: [text] }));
  };
  insertLater('second', 'Can I bring my dog along?');
  expect(await curate(app, 'demo', quick)).toMatchObject({ version: 2, kept: 1 });

  insertLater('third', 'Which bus goes to the harbour?');
  // The page itself is answered; its turns cannot be stored.
  const third = join(storeOf(site, app), 'runs', 'demo.00000003');
  await mkdir(third, { recursive: true });
  await writeFile(join(third, 'turns'), 'in the way');
  await expect(curate(app, 'demo', quick)).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' });
  expect(await site.cli(['dataset', 'restore', 'demo@1', '--rewind'])).toMatchObject({ code: 0 });
  await rm(join(third, 'turns'));

  expect(await curate(app, 'demo', quick)).toMatchObject({ runId: 'demo.00000004', kept: 2 });
  expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records()));
});
