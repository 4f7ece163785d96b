import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { writeToString } from 'fast-csv';
import { describe, expect, test } from 'vitest';
import { readExport } from '../../../src/store/cv-export/read-export.ts';
import { labels, scores } from '../../domain/roc/arbitrary-rows.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { codedBy, thrownBy } from '../../thrown.ts';
import { header, inPieces, read, rowsIn } from './written-export.ts';

const texts = fc.oneof(
  fc.constantFrom('a', 'intent-1', 'x,y', 'say "hello"', '"', 'two\nlines', 'cr\r\nlf', 'größe', '意图', '😀', ' a '),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
);
const notations = [
  String,
  (x: number) => x.toExponential(),
  (x: number) => x.toFixed(20),
  (x: number) => `+${x}`,
] as const;
const rows = fc.array(
  fc.record({ intentId: texts, label: labels, score: scores, other: texts, notation: fc.constantFrom(...notations) }),
  { minLength: 1, maxLength: 50 },
);
const columns = ['intent_id', 'actual_label', 'predicted_confidence', 'utterance', 'x'] as const;
const writing = fc.record({
  rows,
  order: fc.shuffledSubarray([...columns], { minLength: columns.length }),
  rowDelimiter: fc.constantFrom('\n', '\r\n'),
  quoteColumns: fc.boolean(),
  writeBOM: fc.boolean(),
  includeEndRowDelimiter: fc.boolean(),
  isGzip: fc.boolean(),
  pieces: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 5 }),
});

describe('what fast-csv writes', () => {
  test('is read as it was, however it is quoted, ordered and cut in pieces', async () => {
    await fc.assert(
      fc.asyncProperty(writing, async ({ rows, order, isGzip, pieces, ...format }) => {
        const records = rows.map(row => {
          const cells = {
            intent_id: row.intentId,
            actual_label: String(row.label),
            predicted_confidence: row.notation(row.score),
            utterance: row.other,
            x: '',
          };
          return order.map(column => cells[column]);
        });
        const text = await writeToString(records, { headers: order, ...format });
        const bytes = isGzip ? gzipSync(text) : Buffer.from(text);
        const { samples, rows: count } = await readExport(inPieces(bytes, pieces), 'cv.csv');
        expect(count).toBe(rows.length);
        expect(rowsIn(samples)).toEqual(
          rows.map(({ intentId, label, score, notation }) => ({ intentId, label, score: Number(notation(score)) + 0 })),
        );
      }),
      { numRuns: 300 },
    );
  });
});

describe('an export', () => {
  test('may have empty lines, a quoted header, and no end of its last line', async () => {
    const text = '\n"intent_id","predicted_confidence","actual_label"\r\n\r\n\na,1e-3,0\n\n"a",.5,"1"\nb,1.,1';
    expect(rowsIn((await read(text)).samples)).toEqual([
      { intentId: 'a', label: 0, score: 0.001 },
      { intentId: 'a', label: 1, score: 0.5 },
      { intentId: 'b', label: 1, score: 1 },
    ]);
  });

  test('may have lines of up to 1 MiB, across many pieces', async () => {
    const text = 'intent_id,actual_label,predicted_confidence,text\n';
    const long = 'x'.repeat(1_040_000);
    const { rows } = await read(`${text}a,1,0.5,"${long}"\n`.concat(`a,0,0.25,${long}\n`), [65_536]);
    expect(rows).toBe(2);
  });

  test('may be in several gzip members', async () => {
    const bytes = Buffer.concat([gzipSync(header), gzipSync('a,1,0.5\na,0,'), gzipSync('0.25\n')]);
    expect((await read(bytes, [7])).rows).toBe(2);
  });

  test('may have more rows and intents than one block and one table hold', async () => {
    const rows = Array.from({ length: 60_000 }, (_, row) => `intent ${row % 9000},${row % 2},${row / 60_000}`);
    const { samples } = await read(`${header}${rows.join('\n')}\n`, [10_000]);
    expect(samples.intentIds).toHaveLength(9000);
    expect(rowsIn(samples).map(({ intentId, label, score }) => `${intentId},${label},${score}`)).toEqual(rows);
  });
});

describe('reading stops', () => {
  test('where it is told to, even while nothing comes', async () => {
    const stop = new AbortController();
    const source = new PassThrough();
    source.write(header);
    const reading = readExport(source, 'cv.csv', { signal: stop.signal });
    const reason = new Error('enough');
    setImmediate(() => stop.abort(reason));
    expect(await thrownBy(() => reading)).toBe(reason);
    expect(source.destroyed).toBe(true);
  });

  test('before it starts, too', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    expect(await thrownBy(() => readExport(inPieces(Buffer.from(header)), 'cv.csv', { signal }))).toBe(signal.reason);
  });

  test('with what the source throws', async () => {
    const trouble = new Error('trouble');
    async function* source(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(header);
      throw trouble;
    }
    expect(await thrownBy(() => readExport(source(), 'cv.csv'))).toBe(trouble);
  });

  test('at files that are none', async () => {
    const folder = temporaryFolder();
    const errorAt = (file: string) => codedBy(() => readExport(createReadStream(file), file));
    expect(await errorAt(folder)).toMatchObject({
      code: 'BAD_INPUT',
      where: folder,
      message: expect.stringContaining('folder'),
    });
    const file = join(folder, 'none.csv');
    expect(await errorAt(file)).toMatchObject({ where: file, message: `${file}: file not found` });
  });
});
