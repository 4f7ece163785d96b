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

describe('a gzip file that unpacks to far more than its size', () => {
  test('is refused before much of it is unpacked', async () => {
    // One row over and over: deflate's limit is about 1,000 to 1.
    const bomb = gzipSync(Buffer.from(`${header}${'a,1,0.5\n'.repeat(2 ** 24)}`), { level: 9 });
    const error = await codedBy(async () => {
      for await (const _ of checkedExport(inPieces(bomb, [4_096]), 'cv.csv.gz'));
    });
    expect(error).toMatchObject({ code: 'BAD_INPUT', verdict: 'final' });
    expect(error.message).toContain('250 times its size');
    expect(error.message).toMatch(/^cv\.csv\.gz:\d+/);
  });

  test('may do so while it is small', async () => {
    const packed = gzipSync(Buffer.from(`${header}${'a,1,0.5\n'.repeat(2 ** 18)}`), { level: 9 });
    expect((await buffer(checkedExport(inPieces(packed, []), 'cv.csv.gz'))).equals(packed)).toBe(true);
  });
});

test('the check of an export ends with its caller, also while nothing arrives', async () => {
  const stop = new AbortController();
  async function* stalled() {
    yield Buffer.from(header);
    await new Promise(() => undefined);
  }
  const checking = (async () => {
    for await (const _ of checkedExport(stalled(), 'cv.csv', { signal: stop.signal }))
      setImmediate(() => stop.abort(new Error('gone')));
  })();
  await expect(checking).rejects.toThrow('gone');
});
