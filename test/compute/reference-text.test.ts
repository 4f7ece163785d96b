import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { vendoredModel } from '../../src/compute/embedding/model.ts';
import { referenceText } from '../../src/compute/embedding/reference-text.ts';
import { loadTokenizer, type Tokenizer } from '../../src/compute/embedding/tokenizer.ts';

const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8')
    .trimEnd()
    .split('\n');
const blockSize = 0x1000;

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await loadTokenizer({ path: vendoredModel(), maxPositions: 512 });
});

describe('token ids', () => {
  it('are those of the reference for every code point', { timeout: 120_000 }, () => {
    const expected = fixture('reference-tokens.txt');
    expect(expected).toHaveLength(0x110000 / blockSize);
    const different = expected.flatMap((hash, block) => (hashOf(block * blockSize) === hash ? [] : [`block ${block}`]));
    expect(different).toEqual([]);
  });

  it('are those of the reference for texts of mixed scripts', () => {
    const line = z.object({ text: z.string(), tokenIds: z.array(z.number()) });
    const texts = fixture('reference-tokens.jsonl').map(each => line.parse(JSON.parse(each)));
    expect(texts).toHaveLength(302);
    for (const { text, tokenIds } of texts) expect(tokenizer(text), JSON.stringify(text)).toEqual(tokenIds);
  });

  it('tell two Greek questions in capitals apart', () => {
    expect(tokenizer('ΚΩΔΙΚΟΣ')).toEqual(tokenizer('κωδικοσ'));
    expect(tokenizer('ΚΩΔΙΚΟΣ')).not.toEqual(tokenizer('κωδικος'));
  });
});

describe('referenceText', () => {
  it.each(['plain text, İ ÀÉ', '', 'Ελληνικά γράμματα', '日本語 한국어', 'e\u0301 😀', '\ud800x'])(
    'leaves %j alone',
    text => {
      expect(referenceText(text)).toBe(text);
    },
  );

  it('makes ideographs of the extensions words', () => {
    expect(referenceText('x\u{20000}\u{2f800}')).toBe('x \u{20000}  \u{2f800} ');
  });
});

function hashOf(first: number): string {
  const characters = Array.from({ length: blockSize }, (_, index) => first + index)
    .filter(code => code < 0xd800 || code >= 0xe000)
    .map(code => String.fromCodePoint(code));
  const hash = createHash('sha256');
  for (let at = 0; at < characters.length; at += 16) {
    const some = characters.slice(at, at + 16);
    for (const text of [some.map(each => `a${each}b`).join(' '), some.join(' ')])
      hash.update(`${tokenizer(text).join(' ')}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}
