/**
 * Inputs that once were read wrongly without a word, as files beside a command: each is read right or refused, with its
 * place and what to do.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { commands } from './commands.ts';
import { conversation, noon } from './conversations.ts';
import { frozenTenant, openSite, type Site } from './site.ts';
import { exportOf } from './threshold-site.ts';

const texts = [
  'I want to pay, now please',
  'when does my train to Utrecht leave',
  'please cancel the gym membership',
  'line one of my address\nline two of my address',
  'nul\u0000inside the middle of a text',
];
const noLimits = { LIMIT_INTENTS: '500/s', LIMIT_SUBMIT: '500/s', LIMIT_POLL: '500/s' };
const spoken = (all: readonly string[]) =>
  all.map((text, index) => conversation(`x${String(index).padStart(3, '0')}`, noon, 60 + index, { texts: [text] }));

/** A site with a curated dataset `sup` of `all`, and the files in its folder. */
async function siteWith(all: readonly string[], files: Readonly<Record<string, string | Uint8Array>>): Promise<Site> {
  const site = await openSite(
    frozenTenant({
      interactions: spoken(all),
      intents: ['billing', 'refund'].map(id => ({ id, name: id })),
      limits: { INTERACTIONS: null, INTENTS: null, SUBMIT: null, POLL: null },
      training: { seconds: 0, artifactBytes: 1_000 },
    }),
  );
  for (const [name, content] of Object.entries(files)) await writeFile(join(site.folder, name), content);
  return site;
}

const outcome = z.object({ kept: z.number(), removed: z.number(), tenant: z.literal('default') });

test('labels are joined by the documented columns, whole rows and equal texts, or refused', async () => {
  const quoted = texts
    .slice(0, 3)
    .map((text, index) => [`"${text}"`, ['MONEY', 'OTHER', 'MONEY'][index], 'abc'[index]]);
  const site = await siteWith(texts, {
    'category-first.csv': `flags,utterance,category,intent\n${quoted.map(row => `BL,${row.join(',')}`).join('\n')}\n`,
    'unquoted.csv': `utterance,label\n${texts[0]},billing\n${texts[1]},travel\n`,
    'twice.csv': `utterance,label,label\n"${texts[0]}",billing,other\n`,
    'crlf.csv': `utterance,label\r\n"${(texts[3] ?? '').replace('\n', '\r\n')}",delivery\r\n${texts[2]},account\r\n`,
  });
  const curated = await site.cli(['curate', '--dataset', 'sup', '--wait', '--json']);
  expect(outcome.parse(JSON.parse(curated.stdout))).toMatchObject({ kept: texts.length });
  const labelled = (file: string) => ['train', '--skill', 's', '--dataset', 'sup', '--labels', file, '--json'];
  const [first, unquoted, twice, crlf] = await commands(
    site,
    ['category-first.csv', 'unquoted.csv', 'twice.csv', 'crlf.csv'].map(labelled),
    noLimits,
  );

  expect(first, first?.stderr).toMatchObject({ code: 0 });
  expect(first?.stderr).toContain('the column intent is read, not category');
  expect(first?.stderr).toContain('3 of 5 rows have a label');
  expect(unquoted).toMatchObject({ code: 2, stdout: '' });
  expect(unquoted?.stderr).toMatch(/unquoted\.csv:2: the row has 3 fields, the header has 2\. Put fields .* in quotes/);
  expect(twice).toMatchObject({ code: 2, stdout: '' });
  expect(twice?.stderr).toMatch(/twice\.csv:1: the header has the column label twice/);
  expect(crlf, crlf?.stderr).toMatchObject({ code: 0 });
  expect(crlf?.stderr).toContain('2 of 5 rows have a label');
  expect(crlf?.stderr).not.toContain('not in the dataset');

  const [csv, jsonl] = await commands(site, [
    ['dataset', 'export', 'sup', '--out', 'own/set.csv'],
    ['dataset', 'export', 'sup', '--out', 'own/set.jsonl', '--format', 'jsonl'],
  ]);
  expect([csv?.code, jsonl?.code]).toEqual([0, 0]);
  expect(await readFile(join(site.folder, 'own/set.csv'), 'utf8')).toContain(texts[4]);
  expect(await readFile(join(site.folder, 'own/set.jsonl'), 'utf8')).toContain(JSON.stringify(texts[4]));
});

test('equal texts are duplicates at a similarity of 1, and different ones are not', async () => {
  const sentences = [
    'where is my parcel',
    'cancel the order',
    'change my delivery address',
    'I forgot the password',
    'how much is roaming in Spain',
    'book a table for two',
  ];
  const capitals = ['ΠΟΙΟΣ ΕΙΝΑΙ Ο ΚΩΔΙΚΟΣ', 'ποιος είναι ο λογαριασμός'];
  const site = await siteWith([...sentences, ...sentences, ...sentences, ...capitals], {});
  const [exact, usual] = await Promise.all([
    site.cli(['curate', '--dataset', 'exact', '--similarity', '1', '--wait', '--json']),
    site.cli(['curate', '--dataset', 'usual', '--wait', '--json']),
  ]);
  expect(outcome.parse(JSON.parse(exact.stdout))).toMatchObject({ kept: 8, removed: 12 });
  // The reference's cosine of the two Greek questions is 0.8307.
  expect(outcome.parse(JSON.parse(usual.stdout))).toMatchObject({ kept: 8, removed: 12 });
});

describe('an export of a cross-validation', () => {
  const whole = exportOf({ billing: 0.5, refund: 0.7 });
  const header = 'intent_id,actual_label,predicted_confidence';
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'padded.csv.gz': Buffer.concat([gzipSync(whole), Buffer.alloc(1_536)]),
    'members.csv.gz': Buffer.concat([gzipSync(whole.slice(0, 60)), gzipSync(whole.slice(60))]),
    'newline.csv.gz': Buffer.concat([gzipSync(whole), Buffer.from('\n')]),
    'over.csv': `${whole}billing,1,1.0000001192092896\n`,
    'semicolon.csv': `${header.replaceAll(',', ';')}\nbilling;1;0,9\n`,
    'tab.csv': `${header.replaceAll(',', '\t')}\nbilling\t1\t0.9\n`,
    'sep.csv': `sep=;\n${header.replaceAll(',', ';')}\nbilling;1;0,9\n`,
    'spaces.csv': `${header.replaceAll(',', ', ')}\nbilling, 1, 0.9\n`,
    'invisible.csv': whole.replaceAll('refund', 'ref\u200bund'),
  };

  test('is read whole, or refused by what it is', async () => {
    const site = await siteWith(texts.slice(0, 1), files);
    const names = Object.keys(files);
    const all = await commands(
      site,
      names.map(name => ['tune', '--csv', name, '--json']),
      noLimits,
    );
    const ends = new Map(names.map((name, index) => [name, all[index]]));
    const thresholds = z.looseObject({ globalThreshold: z.number(), skipped: z.array(z.string()) });
    for (const name of ['padded.csv.gz', 'members.csv.gz']) {
      expect(ends.get(name), ends.get(name)?.stderr).toMatchObject({ code: 0 });
      expect(thresholds.parse(JSON.parse(ends.get(name)?.stdout ?? ''))).toMatchObject({ globalThreshold: 0.6 });
    }
    const refused: readonly (readonly [string, RegExp])[] = [
      ['newline.csv.gz', /newline\.csv\.gz: there are other bytes after the end of the gzip data\. Remove them/],
      ['over.csv', /over\.csv:\d+:\d+: predicted_confidence is 1\.0000001192092896; .* Round it to 1/],
      ['semicolon.csv', /semicolon\.csv:1:1: the fields are separated by semicolons/],
      ['tab.csv', /tab\.csv:1:1: the fields are separated by tabs/],
      ['sep.csv', /sep\.csv:1:1: the first line is "sep=/],
      ['spaces.csv', /spaces\.csv:1:1: the column names have spaces/],
    ];
    for (const [name, said] of refused) {
      expect(ends.get(name), name).toMatchObject({ code: 2, stdout: '' });
      expect(ends.get(name)?.stderr).toMatch(said);
    }
    const invisible = ends.get('invisible.csv');
    expect(invisible, invisible?.stderr).toMatchObject({ code: 0 });
    expect(thresholds.parse(JSON.parse(invisible?.stdout ?? '')).skipped).toEqual(['ref\u200bund']);
    expect(invisible?.stderr).toContain(
      '"ref\\u{200b}und" of the export is not in the tenant; the tenant has "refund"',
    );
  });
});

test('training data is warned about by its labels, its keys and its one class', async () => {
  const utterances = (...labels: string[]) =>
    labels.flatMap(label => Array.from({ length: 4 }, (_, index) => ({ text: `${label} text ${index}`, label })));
  const labels = (...ids: string[]) => ids.map(id => ({ id, name: id, description: '' }));
  const one = JSON.stringify({ utterances: utterances('a'), labels: labels('a') });
  const balanced = {
    utterances: [
      ...Array.from({ length: 9 }, (_, index) => ({ text: `many ${index}`, label: 'a' })),
      { text: 'the same words', label: 'b' },
      { text: 'the same words', label: 'b' },
    ],
    labels: labels('a', 'b'),
  };
  const site = await siteWith(texts.slice(0, 1), {
    'spaces.json': JSON.stringify({ utterances: utterances('a', 'a ', 'b'), labels: labels('a', 'a ', 'b') }),
    'one.json': one,
    'keys.json': `{"utterances": [{"text": "lost", "label": "b"}],\n${one.slice(1)}`,
    'balanced.json': JSON.stringify(balanced),
  });
  const train = (file: string, ...more: string[]) => ['train', '--skill', 's', '--data', file, '--json', ...more];
  const [spaces, single, keys, sampled, missing] = await commands(
    site,
    [
      train('spaces.json'),
      train('one.json'),
      train('keys.json'),
      train('balanced.json', '--balance', 'downsample'),
      train('no.json'),
    ],
    noLimits,
  );
  for (const end of [spaces, single, keys, sampled]) expect(end, end?.stderr).toMatchObject({ code: 0 });
  expect(spaces?.stderr).toContain('labels differ only in spaces, letter case or invisible characters: "a" and "a "');
  expect(single?.stderr).toContain('all utterances have one label, "a"');
  expect(keys?.stderr).toMatch(/warning: 1 key repeats one of the same object.*"utterances" at keys\.json:2:1\n/);
  // A number would be that of a list that the caller does not have.
  expect(sampled?.stderr).toContain('repeats another with the same label: utterances "the same words"\n');
  expect(missing).toMatchObject({ code: 2, stdout: '' });
  expect(missing?.stderr).toContain('no.json: file not found');
});

test('an evaluation with a label outside its own is a finished training, with a warning', async () => {
  const labels = ['a', 'b'].map(id => ({ id, name: id, description: '' }));
  const evaluation = {
    labels,
    predictions: [{ label: 'a', score: 0.9 }, { label: 'nlu_fallback', score: 0.3 }, null, 'b'],
    actuals: ['a', 'a', 'b', 'b'],
    trainingDurationSeconds: null,
  };
  const site = await openSite(
    frozenTenant({
      interactions: spoken(texts.slice(0, 1)),
      limits: { SUBMIT: null, POLL: null },
      training: { seconds: 0, artifactBytes: 1_000, evaluation: Buffer.from(JSON.stringify(evaluation)) },
    }),
  );
  await mkdir(join(site.folder, 'in'));
  const data = { utterances: ['a', 'b'].flatMap(label => [{ text: `${label} 1`, label }]), labels };
  await writeFile(join(site.folder, 'in/data.json'), JSON.stringify(data));
  const end = await site.cli(['train', '--skill', 's', '--data', 'in/data.json', '--wait', '--json'], noLimits);
  expect(end, end.stderr).toMatchObject({ code: 0 });
  expect(JSON.parse(end.stdout)).toMatchObject({ status: 'COMPLETED', metrics: { accuracy: 0.5 } });
  expect(end.stderr).toMatch(/warning: .*"nlu_fallback" \(1\)/);
});

test('a day that a month does not have is not another day', async () => {
  const site = await siteWith(texts.slice(0, 1), {});
  const days = ['2026-02-30', '2025-02-29', '2026-04-31T08:00:00Z', '2026-13-01', '2026-03-01T24:30:00Z'];
  const ends = await commands(
    site,
    days.map(day => ['curate', '--dataset', 'd', '--since', day, '--dry-run']),
  );
  for (const [index, end] of ends.entries()) {
    expect(end, `${days[index]}: ${end.stderr}`).toMatchObject({ code: 2, stdout: '' });
    expect(end.stderr).toContain('--since');
  }
  expect(site.sandbox.requests).toEqual([]);
});
