import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseString } from 'fast-csv';
import { expect, it } from 'vitest';
import { openFileStore } from '../../../src/store/artifacts/file-store.ts';
import { jsonLines, openDatasets } from '../../../src/store/datasets/datasets.ts';
import { type ExportFormat, exportDataset } from '../../../src/store/datasets/export.ts';
import { part, version } from '../../domain/dataset/version.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { codedBy } from '../../thrown.ts';

async function exported(texts: readonly string[], format: ExportFormat) {
  const root = temporaryFolder();
  const datasets = openDatasets(openFileStore(root));
  const rows = texts.map(text => ['c', '2024-05-15T12:00:00.000Z', 'b', 5, text, 'r']);
  const kept = await datasets.writeFile('demo', 'kept', jsonLines(rows));
  await datasets.commit(0, version({ parts: [{ ...part(0, texts.length), kept }], nextGroup: texts.length }));
  const out = join(root, 'out');
  return { result: await exportDataset(datasets, { dataset: 'demo', out, format }), text: readFileSync(out, 'utf8') };
}

const awkward = [
  'nul\u0000inside',
  'say "hello", please',
  'two\nlines',
  'cr\r\nlf',
  ' spaces ',
  '\ufeffmark',
  '😀',
  '',
];

it('writes every character to CSV as it is', async () => {
  const { result, text } = await exported(awkward, 'csv');
  const read: string[][] = [];
  for await (const row of parseString<string[], string[]>(text, { headers: false })) read.push(row);
  expect(read.slice(1).map(row => row[4])).toEqual(awkward);
  expect(text).toContain('nul\u0000inside');
  expect(result).toMatchObject({ rows: awkward.length, alteredTexts: 0 });
});

it('counts the texts that CSV cannot hold, which JSON can', async () => {
  expect((await exported(['half \ud83d', 'whole'], 'csv')).result.alteredTexts).toBe(1);
  const { result, text } = await exported(['half \ud83d', 'whole'], 'jsonl');
  expect(result.alteredTexts).toBe(0);
  expect(text).toContain('"half \\ud83d"');
});

it('writes a header where there is no row', async () => {
  expect((await exported([], 'csv')).text).toBe(
    'interaction_id,timestamp,bot_id,rating,user_utterance,bot_response,similarity_score,dedup_group\n',
  );
  expect((await exported([], 'jsonl')).text).toBe('');
});

it('writes no two outputs to one place', async () => {
  const root = temporaryFolder();
  const datasets = openDatasets(openFileStore(root));
  await datasets.commit(0, version());
  const out = join(root, 'set.csv');
  const split = { share: 0.5, seed: 1 };
  const refused = [
    { out, removed: join(root, '.', 'x', '..', 'set.csv') },
    { out, removed: join(root, 'set.test.csv'), split },
    { out: '-', removed: '-' },
    { out: '-', split },
  ];
  for (const each of refused)
    expect(
      (await codedBy(() => exportDataset(datasets, { dataset: 'demo', format: 'csv', ...each }))).code,
      JSON.stringify(each),
    ).toBe('BAD_INPUT');
  expect(readdirSync(root)).not.toContain('set.csv');
});
