import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { commands } from './commands.ts';
import { openSite, type Site } from './site.ts';
import { exportOf } from './threshold-site.ts';

const header = 'intent_id,actual_label,predicted_confidence';
const withRow = (row: string) => `${header}\r\nbilling,1,0.9\n${row}\nbilling,0,0.1\n`;
const whole = exportOf({ billing: 0.5, refund: 0.7 });
const packed = gzipSync(whole);

/** What is wrong with a file, where that is said to be behind its name, and what is said of it. */
const exports: readonly { name: string; content: string | Uint8Array | null; at: string; said: RegExp }[] = [
  { name: 'columns', content: 'intent,label,confidence\na,1,0.5\n', at: ':1:1', said: /intent_id.*actual_label.*pred/ },
  { name: 'label', content: withRow('billing,2,0.5'), at: ':3:9', said: /actual_label.*2.*0 or 1/ },
  { name: 'word', content: withRow('billing,1,high'), at: ':3:11', said: /predicted_confidence.*number/ },
  {
    name: 'percent',
    content: withRow('billing,1,90 %'),
    at: ':3:11',
    said: /is 90 %; .*Divide percentages by 100, and leave/,
  },
  { name: 'comma', content: withRow('billing,1,"0,9"'), at: ':3:11', said: /is 0,9; .*Write decimals with a point/ },
  { name: 'large', content: withRow('billing,1,1.5'), at: ':3:11', said: /predicted_confidence.*1\.5.*0 to 1/ },
  { name: 'nan', content: withRow('billing,1,NaN'), at: ':3:11', said: /predicted_confidence.*NaN/ },
  { name: 'inf', content: withRow('"bil""ling",1,inf'), at: ':3:15', said: /predicted_confidence.*inf/ },
  { name: 'ragged', content: withRow('billing,1'), at: ':3:10', said: /2 fields.*3/ },
  { name: 'empty', content: '', at: '', said: /empty/ },
  { name: 'header', content: `\ufeff${header}\n`, at: '', said: /no row/ },
  { name: 'latin1', content: Buffer.from(withRow('stra\u00dfe,1,0.5'), 'latin1'), at: ':3:5', said: /UTF-8/ },
  { name: 'utf16', content: Buffer.from(`\ufeff${whole}`, 'utf16le'), at: '', said: /UTF-16/ },
  { name: 'cut.gz', content: packed.subarray(0, packed.length - 12), at: ':\\d+', said: /gzip.*truncated/ },
  {
    name: 'newline.gz',
    content: Buffer.concat([packed, Buffer.from('\n')]),
    at: '',
    said: /other bytes after the end/,
  },
  { name: 'folder', content: null, at: '', said: /folder/ },
  { name: 'missing', content: null, at: '', said: /file not found/ },
];

async function filesOf(site: Site): Promise<string> {
  const file = (name: string) => join(site.folder, name);
  await mkdir(file('folder'));
  for (const { name, content } of exports) if (content !== null) await writeFile(file(name), content);
  return site.folder;
}

test('an export that is wrong is refused with its place, and nothing is kept, enqueued or sent', {
  timeout: 240_000,
}, async () => {
  const site = await openSite();
  const folder = await filesOf(site);
  const wordsFor = (name: string) => ['tune', '--csv', join(folder, name), '--push', '--wait', '--json'];
  const [alone, ...others] = exports.map(({ name }) => name);
  const ends = await Promise.all([
    site.cli(wordsFor(alone ?? '')).then(end => [end]),
    site.cli(wordsFor('missing')).then(end => [end]),
    commands(site, others.slice(0, -1).map(wordsFor)),
  ]);
  const [first = [], last = [], between = []] = ends;
  for (const [index, end] of [...first, ...between, ...last].entries()) {
    const { name, at, said } = exports[index] ?? { name: '', at: '', said: / / };
    expect(end, name).toMatchObject({ code: 2, stdout: '' });
    expect(end.stderr, name).toMatch(new RegExp(`^error: ${join(folder, name)}${at}: .*\\[BAD_INPUT\\]\n$`));
    expect(end.stderr, name).toMatch(said);
  }

  expect(site.sandbox.requests).toEqual([]);
  expect((await site.client().keys('*')).filter(key => !/:(identity|store-id)$/.test(key))).toEqual([]);
  const app = await site.app();
  expect(await app.store.list('uploads')).toEqual([]);
});
