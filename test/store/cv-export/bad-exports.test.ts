import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { checkedExport } from '../../../src/store/cv-export/checked-export.ts';
import { codedBy } from '../../thrown.ts';
import { header, inPieces, read } from './written-export.ts';

const good = 'a,1,0.5\n';
const wide = 'intent_id,actual_label,predicted_confidence,text\n';

/** What is wrong: the file, its place, and a part of what is said. */
const mistakes: readonly (readonly [string, string | Uint8Array, string, RegExp])[] = [
  ['an empty file', '', 'cv.csv', /is empty/],
  ['nothing but empty lines', '\n\r\n\n', 'cv.csv', /is empty/],
  ['nothing but a BOM', '\ufeff', 'cv.csv', /is empty/],
  ['no row', header, 'cv.csv', /no row/],
  ['no row, but empty lines', `${header}\n\n`, 'cv.csv', /no row/],
  [
    'a missing column',
    'intent_id,label,predicted_confidence\n',
    'cv.csv:1:1',
    /no actual_label, but intent_id, label, predicted_confidence/,
  ],
  ['semicolons', 'intent_id;actual_label;predicted_confidence\na;1;0,5\n', 'cv.csv:1:1', /separated by semicolons/],
  ['tabs', 'intent_id\tactual_label\tpredicted_confidence\na\t1\t0.5\n', 'cv.csv:1:1', /separated by tabs/],
  ['a separator line', `sep=;\n${header}`, 'cv.csv:1:1', /the first line is "sep=;"/],
  ['spaces in the header', 'intent_id, actual_label, predicted_confidence\n', 'cv.csv:1:1', /have spaces/],
  [
    'a rounding error above 1',
    `${header}a,1,1.0000001\n`,
    'cv.csv:2:5',
    /^(?!.*percent).* is 1\.0000001;.*Round it to 1$/,
  ],
  ['a rounding error below 0', `${header}a,1,-1e-9\n`, 'cv.csv:2:5', /^(?!.*percent).* is -1e-9;.*Round it to 0$/],
  ['a percentage', `${header}a,1,85.5\n`, 'cv.csv:2:5', / is 85\.5;.*Divide percentages by 100$/],
  [
    'missing columns',
    '\nid;label;confidence\n',
    'cv.csv:2:1',
    /no intent_id and no actual_label and no predicted_confidence, but \(column 1\)\./,
  ],
  ['a missing header', 'a b,1,0.5\n', 'cv.csv:1:1', /but \(column 1\), \(column 2\), \(column 3\)/],
  [
    'a column twice',
    'intent_id,"actual_label",predicted_confidence,"actual_label"\n',
    'cv.csv:1:47',
    /actual_label twice/,
  ],
  ['carriage returns only', 'intent_id,actual_label,predicted_confidence\ra,1,0.5\r', 'cv.csv:1:1', /carriage return/],
  ['another label', `${header}${good}a,2,0.5\n`, 'cv.csv:3:3', /actual_label is 2; it must be 0 or 1/],
  ['a label with decimals', `${header}a,1.0,0.5\n`, 'cv.csv:2:3', /is 1\.0;/],
  ['an empty label', `${header}a,,0.5\n`, 'cv.csv:2:3', /is empty/],
  ['a label with text', `${header}a,call me,0.5\n`, 'cv.csv:2:3', /actual_label is something else; it must/],
  ['a label with a space', `${header}"ä, b", 1,0.5\n`, 'cv.csv:2:8', /something else/],
  ['a number behind 1', `${header}a,1,1.5\n`, 'cv.csv:2:5', /is 1\.5; it must be from 0 to 1\. Divide/],
  ['a number below 0', `${header}a,1,-0.5\n`, 'cv.csv:2:5', /is -0\.5; it must be from 0 to 1$/],
  [
    'a number that is just more than 1',
    `${header}a,1,1.0000000000000002\n`,
    'cv.csv:2:5',
    / is 1\.0+\d+;.*Round it to 1$/,
  ],
  ['no number', `${header}a,1,nan\n`, 'cv.csv:2:5', /is nan; it must be a number/],
  ['infinity', `${header}a,1,1e999\n`, 'cv.csv:2:5', /is 1e999; it must be a number/],
  ['a number with a comma', `${header}a,1,"0,5"\n`, 'cv.csv:2:5', /must be a number.*point/],
  ['a hexadecimal number', `${header}a,1,0x1\n`, 'cv.csv:2:5', /is not a number/],
  ['half a number', `${header}a,1,1e\n`, 'cv.csv:2:5', /is not a number/],
  ['an empty number', `${header}a,1,\n`, 'cv.csv:2:5', /is empty/],
  ['a sign only', `${header}a,1,-\n`, 'cv.csv:2:5', /predicted_confidence is -;/],
  ['a telephone number', `${header}a,1,5550123\n`, 'cv.csv:2:5', /predicted_confidence is outside/],
  ['an empty id', `${header},1,0.5\n`, 'cv.csv:2:1', /intent_id is empty/],
  ['an empty id in quotes', `${header}"",1,0.5\n`, 'cv.csv:2:1', /intent_id is empty/],
  ['a very long id', `${header}${'a'.repeat(1001)},1,0.5\n`, 'cv.csv:2:1', /more than 1000 bytes/],
  ['too few fields', `${header}a,1\n`, 'cv.csv:2:4', /2 fields, the header has 3/],
  ['one field', `${header}${good}   \n`, 'cv.csv:3:4', /1 field, the header has 3/],
  ['too many fields', `${header}a,1,0.5,"x"\n`, 'cv.csv:2:9', /4 fields/],
  ['a semicolon', `${header}a;1;0.5\n`, 'cv.csv:2:8', /1 field,/],
  ['an open quote', `${header}${good}"a,1,0.5\nb,0,0.5\n`, 'cv.csv:3:1', /never closed/],
  ['an open quote at the end', `${header}${good}a,1,"`, 'cv.csv:3:5', /never closed/],
  ['an open quote in the header', '"intent_id,', 'cv.csv:1:1', /never closed/],
  ['text behind a quote', `${header}"a"b,1,0.5\n`, 'cv.csv:2:4', /after a closing quote/],
  ['a carriage return behind a quote', `${header}"a"\rb,1,0.5\n`, 'cv.csv:2:4', /after a closing quote/],
  ['a mistake behind lines in quotes', `${wide}a,1,0.5,"x\ny\r\nz"\na,1,0.5,"\n\n",7\n`, 'cv.csv:7:3', /5 fields/],
  ['a mistake in a line that others in quotes come before', `text,${header}"\n\n€",a,7,0.5\n`, 'cv.csv:4:6', /is 7/],
  ['a mistake behind characters of many bytes', `${header}größe😀,7,0.5\n`, 'cv.csv:2:9', /is 7/],
  [
    'a mistake behind a BOM',
    `\ufeff${'intent_id,actual_label,actual_label,predicted_confidence'}\n`,
    'cv.csv:1:24',
    /twice/,
  ],
  ['UTF-16', Buffer.from(`\ufeff${header}`, 'utf16le'), 'cv.csv', /UTF-16/],
  ['UTF-16, the other way round', Buffer.from(`\ufeff${header}`, 'utf16le').swap16(), 'cv.csv', /UTF-16/],
  ['Latin-1', Buffer.from(`${header}${good}größe,1,0.5\n`, 'latin1'), 'cv.csv:3:3', /not UTF-8/],
  [
    'Latin-1 behind a BOM',
    Buffer.concat([Buffer.from('\ufeff'), Buffer.from(`${header}ö,1,0.5\n`, 'latin1')]),
    'cv.csv:2:1',
    /not UTF-8/,
  ],
  ['Latin-1 in a column that is not read', Buffer.from(`${wide}a,1,0.5,"é"\n`, 'latin1'), 'cv.csv:2:10', /not UTF-8/],
  [
    'a character that the end breaks off',
    Buffer.from(`${header}a,1,0.5\n€`).subarray(0, -1),
    'cv.csv:3:1',
    /not UTF-8/,
  ],
  [
    'a surrogate',
    Buffer.concat([Buffer.from(header), Buffer.from([0x61, 0xed, 0xa0, 0x80])]),
    'cv.csv:2:2',
    /not UTF-8/,
  ],
  ['a mistake before what is not UTF-8', Buffer.from(`${header}a,7,0.5\né`, 'latin1'), 'cv.csv:2:3', /is 7/],
  ['a line that never ends', `${header}${good}${'x'.repeat(1_100_000)}`, 'cv.csv:3:1', /more than 1048576 bytes/],
  [
    'a quote that goes on and on',
    `${header}${good}a,"${'x\n'.repeat(600_000)}`,
    'cv.csv:3:3',
    /not closed within 1048576 bytes/,
  ],
];

describe.each(mistakes)('%s', (_, text, where, trouble) => {
  const bytes = Buffer.from(text);

  test.each([
    ['whole', bytes, []],
    ['in pieces', bytes, bytes.length > 10_000 ? [4099] : [1]],
    ['in gzip', gzipSync(bytes), []],
    ['in gzip in pieces', gzipSync(bytes), [7, 11]],
  ] as const)('%s', async (_how, file, pieces) => {
    const error = await codedBy(() => read(file, pieces));
    expect(error).toMatchObject({ code: 'BAD_INPUT', where });
    expect(error.message).toMatch(trouble);
    expect(error.message.startsWith(`${where}: `)).toBe(true);

    const checked = await codedBy(async () => {
      for await (const _ of checkedExport(inPieces(file, pieces), 'cv.csv'));
    });
    expect([checked.message, checked.where]).toEqual([error.message, error.where]);
  });
});

describe('gzip', () => {
  const rows = Array.from({ length: 30_000 }, (_, row) => `intent ${row % 7},${row % 2},${(row * 7919) % 10_007}e-5\n`);
  const packed = gzipSync(`${header}${rows.join('')}`);

  test('that is truncated names the line that it got to', async () => {
    const error = await codedBy(() => read(packed.subarray(0, packed.length / 2), [1000]));
    const line = Number(/^cv\.csv:(\d+): the gzip file is truncated/.exec(error.message)?.[1]);
    expect(line).toBeGreaterThan(5000);
    expect(line).toBeLessThan(25_000);
  });

  test('that is truncated behind its header only', async () => {
    expect((await codedBy(() => read(packed.subarray(0, 2)))).message).toMatch(/^cv\.csv:1: .* truncated/);
  });

  test('that is damaged', async () => {
    const damaged = Buffer.from(packed);
    damaged.fill(0xaa, packed.length - 8);
    expect((await codedBy(() => read(damaged))).message).toMatch(/^cv\.csv:(2\d{4}|30002): the gzip file is damaged/);
    damaged.fill(0xff, 10, 60);
    expect((await codedBy(() => read(damaged, [100]))).message).toMatch(/^cv\.csv:1: the gzip file is damaged/);
  });

  test.each([
    ['a line end', Buffer.from('\n')],
    ['a carriage return and a line end', Buffer.from('\r\n')],
    ['zeros and text', Buffer.from('\0\0\0x')],
    ['the first byte of a member', Buffer.from([0x1f])],
    ['much else', Buffer.alloc(100_000, 'x')],
  ])('with %s behind its end says so, and is not called truncated', async (_what, trailing) => {
    const small = gzipSync(`${header}${good}`);
    for (const pieces of [[], [1], [small.length], [small.length + 1]]) {
      const { message } = await codedBy(() => read(Buffer.concat([small, trailing]), pieces));
      expect(message).toMatch(/^cv\.csv: there are other bytes after the end of the gzip data/);
    }
  });

  test('that is truncated anywhere is called truncated', async () => {
    const small = gzipSync(`${header}${good}`);
    for (let length = 2; length < small.length; length++)
      expect((await codedBy(() => read(small.subarray(0, length), [5]))).message).toMatch(/the gzip file is truncated/);
  });

  test('that is truncated behind a mistake names the mistake', async () => {
    const mistaken = gzipSync(`${header}a,7,0.5\n${rows.join('')}`);
    expect((await codedBy(() => read(mistaken.subarray(0, 20_000)))).where).toBe('cv.csv:2:3');
  });
});

test('ids that are all different are no intents', async () => {
  const rows = Array.from({ length: 100_001 }, (_, row) => `utterance ${row},1,0.5\n`);
  const error = await codedBy(() => read(`${header}${rows.join('')}`));
  expect(error).toMatchObject({ code: 'BAD_INPUT', where: 'cv.csv:100002:1' });
});

test('what a customer said stays out of every message', async () => {
  const secret = 'my card 4111 1111';
  for (const row of [`a,${secret},0.5`, `a,1,${secret}`, `${secret}`, `a,1,0.5,${secret}`, `a,1,0.5,"${secret}"x`]) {
    const { message } = await codedBy(() => read(`${header}${row}\n`));
    expect(message).not.toContain('card');
    expect((await codedBy(() => read(`${row}\n${row}\n`))).message).not.toContain('card');
  }
});
