import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { batchLine } from '../../src/domain/entity/result.ts';
import { commands } from './commands.ts';
import { extractionSite, noLimit, textsOf, writeLines } from './extraction-site.ts';
import { idle, type Site } from './site.ts';

const text = 'A refund for the order of 2026-03-04, please';
const types = ['--types', 'date', '--threshold', '0'];

async function linesOf(site: Site, name: string) {
  const content = await readFile(join(site.folder, name), 'utf8');
  return content
    .split('\n')
    .slice(0, -1)
    .map(line => batchLine.parse(JSON.parse(line)));
}

test('a text is shown as a table, or as JSON', async () => {
  const site = await extractionSite();
  const words = ['extract', '--text', text, '--time-zone', 'Europe/Berlin', ...types, '--wait'];
  const [table, json] = await commands(site, [words, [...words, '--json']], noLimit);
  expect(table, table?.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('2026-03-04') });
  expect(JSON.parse(json?.stdout ?? '')).toMatchObject({
    input_text: text,
    language: 'en-US',
    cache_source: 'cache',
    entities: [{ name: 'date', value: '2026-03-04', start: 26, end: 36 }],
    audit_status: 'LOGGED',
  });
});

test('a file is extracted from in input order, equal texts are asked about once, and its results are written', async () => {
  const site = await extractionSite();
  const texts = textsOf(600);
  const lines = [...texts, ...texts.slice(0, 300)].map((each, index) => ({ text: each, id: `n${index}` }));
  await writeLines(site, 'in.jsonl', lines);
  const words = ['extract', '--file', 'in.jsonl', ...types, '--out', 'out.jsonl', '--wait', '--json'];
  const [first, reused] = await commands(site, [words, [...words, '--reuse']], noLimit);
  expect(first, first?.stderr).toMatchObject({ code: 0 });
  const counts = { lines: 900, succeeded: 900, failed: 0, calls: 600, cacheHits: 300, out: 'out.jsonl' };
  expect(JSON.parse(first?.stdout ?? '')).toMatchObject({
    ...counts,
    requestId: expect.stringMatching(/^extraction\./),
  });
  expect(JSON.parse(reused?.stdout ?? '')).toMatchObject(counts);
  const results = await linesOf(site, 'out.jsonl');
  expect(results.map(({ line, id }) => ({ line, id }))).toEqual(
    lines.map(({ id }, index) => ({ line: index + 1, id })),
  );
  for (const [index, result] of results.entries())
    expect(result).toMatchObject({ input_text: lines[index]?.text, cache_source: index < 600 ? 'api' : 'batch' });
  expect(site.sandbox.nlu.calls).toHaveLength(600);
});

test('invalid options and lines exit with 2, all at once with their places, and nothing is enqueued', async () => {
  const site = await extractionSite();
  await writeFile(
    join(site.folder, 'bad.jsonl'),
    [
      '{"text": "fine"}',
      'not JSON',
      '[1]',
      '{"id": "x"}',
      '{"text": "a\\u0000b"}',
      '{"text": "a\\ud800b"}',
      '{"text": " "}',
    ].join('\n'),
  );
  await writeFile(join(site.folder, 'empty.jsonl'), '\n\n');
  await writeFile(join(site.folder, 'table.json'), '{"synonyms": {"product": {"a": 1}}}');
  const options = [
    '--language',
    'it-IT',
    '--types',
    'a,b,c,d,e,f,g,h,i,j,k',
    '--threshold',
    'high',
    '--time-zone',
    'Mars/X',
  ];
  const expected: readonly (readonly [words: readonly string[], messages: readonly string[]])[] = [
    [
      ['--text', ' ', ...options],
      ['text must', 'language ("it-IT")', 'types ', 'threshold ("high")', 'timeZone ("Mars/X")'],
    ],
    [['--text', 'x', '--threshold', '1.1'], ['threshold (1.1) must be from 0 to 1']],
    [['--text', 'x', '--threshold=-0.1'], ['threshold (-0.1) must be from 0 to 1']],
    [['--text', 'x', '--types', ''], ['types[0]']],
    [['--text', 'x'.repeat(60 * 1024 + 1)], ['text must have at most 60 KB']],
    [
      ['--file', 'bad.jsonl', ...options],
      ['language ("it-IT")', 'threshold ("high")'],
    ],
    [
      ['--file', 'bad.jsonl'],
      [
        '6 lines',
        'bad.jsonl:2: is not valid JSON',
        'bad.jsonl:3: is not a JSON object',
        'bad.jsonl:4: text must be a string',
      ],
    ],
    [
      ['--file', 'bad.jsonl'],
      [
        'bad.jsonl:5: text must not contain',
        'bad.jsonl:6: text must not contain',
        'bad.jsonl:7: text must not be blank',
      ],
    ],
    [['--file', 'empty.jsonl'], ['empty.jsonl has no requests']],
    [['--file', 'missing.jsonl'], ['missing.jsonl: file not found']],
    [['--text', 'x', '--file', 'bad.jsonl'], ['specify one of --text, --file and --from-dataset']],
    [['--text', 'x', '--normalization', 'table.json'], ['synonyms.product.a']],
    [['--from-dataset', 'none'], ['none']],
    [['--file', 'bad.jsonl', '--out', 'out.jsonl'], ['--out requires --wait']],
  ];
  const ends = await commands(
    site,
    expected.map(([words]) => ['extract', ...words]),
    noLimit,
  );
  for (const [index, [words, messages]] of expected.entries()) {
    expect(ends[index], words.join(' ').slice(0, 80)).toMatchObject({ code: 2, stdout: '' });
    for (const message of messages) expect(ends[index]?.stderr).toContain(message);
  }
  const app = await site.app();
  expect(await app.queues.countWaiting('extract-entities')).toBe(0);
  expect(site.sandbox.requests).toEqual([]);
});

test('lines that are skipped are listed beside the results', async () => {
  const site = await extractionSite();
  await writeFile(
    join(site.folder, 'in.jsonl'),
    `{"text": "one"}\nnot JSON\n\n{"text": "two", "language": "xx"}\n{"text": "three"}`,
  );
  const end = await site.cli(
    ['extract', '--file', 'in.jsonl', '--on-bad-line', 'skip', '--out', 'out.jsonl', '--wait', '--json'],
    noLimit,
  );
  expect(end, end.stderr).toMatchObject({ code: 0 });
  expect(JSON.parse(end.stdout)).toMatchObject({ lines: 2, succeeded: 2, rejects: 2, emptyLines: 1 });
  const rejects = await readFile(join(site.folder, 'out.jsonl.rejects.jsonl'), 'utf8');
  expect(
    rejects
      .trim()
      .split('\n')
      .map(line => JSON.parse(line)),
  ).toMatchObject([
    { line: 2, code: 'BAD_INPUT', message: 'is not valid JSON' },
    { line: 4, code: 'BAD_INPUT', message: expect.stringContaining('language ("xx") must be one of') },
  ]);
  expect((await linesOf(site, 'out.jsonl')).map(({ line }) => line)).toEqual([1, 5]);
});

test('texts that the platform refuses or answers wrongly fail their line, and the others go on', async () => {
  const site = await extractionSite({ nlu: { refusedMarker: 'forbidden' } });
  const [plain = '', wrong = '', nameless = '', list = ''] = textsOf(4);
  const refused = 'this text is forbidden by the platform';
  site.sandbox.nlu.failNext({ kind: 'confidence-above-one' }, { text: wrong });
  site.sandbox.nlu.failNext({ kind: 'nameless' }, { text: nameless });
  site.sandbox.nlu.failNext({ kind: 'not-an-array' }, { text: list });
  await writeLines(
    site,
    'in.jsonl',
    [plain, refused, wrong, nameless, list, refused].map(each => ({ text: each })),
  );
  const end = await site.cli(['extract', '--file', 'in.jsonl', '--out', 'out.jsonl', '--wait', '--json'], noLimit);
  expect(end).toMatchObject({ code: 1, stderr: expect.stringContaining('5 of 6 lines failed') });
  expect(JSON.parse(end.stdout)).toMatchObject({ lines: 6, succeeded: 1, failed: 5, calls: 5 });
  const message = (name: string) => expect.stringContaining(name);
  const wrongShape = 'PLATFORM_WRONG_SHAPE';
  expect(await linesOf(site, 'out.jsonl')).toMatchObject([
    { line: 1, input_text: plain },
    { line: 2, error: { code: 'PLATFORM_REFUSED', message: message('product, date, intent') } },
    { line: 3, error: { code: wrongShape, message: message('confidence') } },
    { line: 4, error: { code: wrongShape, message: message('name') } },
    { line: 5, error: { code: wrongShape, message: message('entities') } },
    { line: 6, error: { code: 'PLATFORM_REFUSED' } },
  ]);
  expect(site.sandbox.nlu.callsFor(refused)).toBe(1);
});

test('a text that the platform refuses fails the command with the reason, which does not quote the text', async () => {
  const site = await extractionSite({ nlu: { refusedMarker: 'forbidden' } });
  const end = await site.cli(['extract', '--text', 'forbidden words of a customer', '--wait'], noLimit);
  expect(end).toMatchObject({ code: 1, stderr: expect.stringContaining('PLATFORM_REFUSED') });
  expect(end.stderr).toContain('entity types (product, date, intent)');
  expect(end.stderr).not.toContain('forbidden words');
});

test('the utterances of a dataset are extracted from', async () => {
  const site = await extractionSite();
  const curated = await site.cli(['curate', '--dataset', 'support', '--wait', '--json']);
  const { kept } = z.object({ kept: z.number() }).parse(JSON.parse(curated.stdout));
  const end = await site.cli(['extract', '--from-dataset', 'support@1', '--wait', '--json'], noLimit);
  expect(end, end.stderr).toMatchObject({ code: 0 });
  expect(JSON.parse(end.stdout)).toMatchObject({ lines: kept, succeeded: kept });
});

test('a request for an unfinished batch joins it, also with another output file', async () => {
  const site = await extractionSite();
  const texts = textsOf(50).map(each => ({ text: each }));
  await writeLines(site, 'in.jsonl', texts);
  const words = (out: string) => ['extract', '--file', 'in.jsonl', '--out', out, '--wait', '--json'];
  const app = await site.app({ LIMIT_NLU: '10/s' });
  await app.startWorkers();
  const ends = await Promise.all(['a.jsonl', 'b.jsonl'].map(out => site.cli(words(out), { LIMIT_NLU: '10/s' })));
  for (const end of ends) expect(end, end.stderr).toMatchObject({ code: 0 });
  expect(await linesOf(site, 'a.jsonl')).toEqual(await linesOf(site, 'b.jsonl'));
  expect(site.sandbox.nlu.calls).toHaveLength(50);
  await idle(app);
});
