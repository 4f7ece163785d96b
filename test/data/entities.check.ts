import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { batchLine } from '../../src/domain/entity/result.ts';
import { loadAnnotations } from '../../src/sandbox/nlu/annotations.ts';
import { openSite } from '../integration/site.ts';

const data = resolve(process.env.DATA_FOLDER ?? '../shared/data');
const annotated = z.object({ text: z.string(), entities: z.array(z.object({ name: z.string(), value: z.string() })) });
const summary = z.looseObject({ lines: z.number(), succeeded: z.number(), failed: z.number(), calls: z.number() });
const types = [
  'artist',
  'playlist',
  'entity_name',
  'music_item',
  'track',
  'city',
  'state',
  'country',
  'rating_value',
  'object_type',
];

test('8,716 real utterances are extracted from, one result a line and in order, whatever fails on the way', async () => {
  const file = join(data, 'entities_snips.jsonl');
  const site = await openSite({
    nlu: { annotations: await loadAnnotations(file) },
    faults: { rate: 0.05, seed: 7 },
    limits: { NLU: null },
  });
  const utterances = (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map(line => annotated.parse(JSON.parse(line)));
  expect(utterances).toHaveLength(8_716);
  await writeFile(
    join(site.folder, 'in.jsonl'),
    utterances.map(({ text }) => `${JSON.stringify({ text })}\n`).join(''),
  );
  const words = ['--types', types.join(','), '--threshold', '0', '--out', 'out.jsonl', '--wait', '--json'];
  const end = await site.cli(['extract', '--file', 'in.jsonl', ...words], { LIMIT_NLU: '500/s' });
  expect(end, end.stderr).toMatchObject({ code: 0 });
  const distinct = new Set(utterances.map(({ text }) => text)).size;
  expect(summary.parse(JSON.parse(end.stdout))).toMatchObject({
    lines: 8_716,
    succeeded: 8_716,
    failed: 0,
    calls: distinct,
  });

  const results = (await readFile(join(site.folder, 'out.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map(line => batchLine.parse(JSON.parse(line)));
  expect(results).toHaveLength(8_716);
  for (const [index, result] of results.entries()) {
    if ('error' in result) expect.unreachable();
    expect(result).toMatchObject({ line: index + 1, input_text: utterances[index]?.text });
    for (const { span_mismatch, value, raw_value = value, start, end: to } of result.entities) {
      expect(span_mismatch).toBeUndefined();
      expect(result.input_text.slice(start, to)).toBe(raw_value);
    }
  }
  const verified = await site.cli(['audit', 'verify', '--json']);
  expect(verified, verified.stderr).toMatchObject({ code: 0 });
  expect(JSON.parse(verified.stdout)).toMatchObject({ findings: [] });
});
