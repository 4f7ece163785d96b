import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { checkedExport } from '../../../src/store/cv-export/checked-export.ts';
import { codedBy } from '../../thrown.ts';
import { header, inPieces } from './written-export.ts';

const rows = Array.from({ length: 40_000 }, (_, row) => `"intent ${row % 7}",${row % 2},0.${row}\n`);
const text = Buffer.from(`\ufeff${header}${rows.join('')}`);

describe('a checked export', () => {
  test.each([
    ['plain', text],
    ['gzip', gzipSync(text)],
  ])('%s: gives the bytes on as they are', async (_, bytes) => {
    for (const pieces of [[], [1, 5000], [65_536]]) {
      expect((await buffer(checkedExport(inPieces(bytes, pieces), 'cv.csv'))).equals(bytes)).toBe(true);
    }
  });

  test('stops early, and lets go of its source', async () => {
    const source = inPieces(Buffer.concat([Buffer.from(`${header}a,7,0.5\n`), text, text, text]), [65_536]);
    let bytes = 0;
    const error = await codedBy(async () => {
      for await (const chunk of checkedExport(source, 'cv.csv')) bytes += chunk.length;
    });
    expect(error.where).toBe('cv.csv:2:3');
    expect(bytes).toBeLessThan(2 ** 19);
    expect(source.destroyed).toBe(true);
  });
});
