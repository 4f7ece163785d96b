import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeBatches } from '../../../src/domain/run/batches.ts';

const texts = fc.uniqueArray(
  fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.nat(5_000).map(length => 'x'.repeat(length)),
  ),
  { maxLength: 60 },
);

describe('makeBatches', () => {
  it('puts each text into one batch, and leaves none empty', () => {
    fc.assert(
      fc.property(texts, texts => {
        const batches = makeBatches(texts);
        expect(batches.flat().sort()).toEqual([...texts].sort());
        expect(batches.every(batch => batch.length > 0)).toBe(true);
      }),
    );
  });

  it('makes the same batches of the same texts in any order', () => {
    const shuffled = texts.chain(texts =>
      fc.tuple(fc.constant(texts), fc.shuffledSubarray(texts, { minLength: texts.length })),
    );
    fc.assert(fc.property(shuffled, ([texts, other]) => void expect(makeBatches(other)).toEqual(makeBatches(texts))));
  });

  it('holds 512 texts at the most', () => {
    const many = Array.from({ length: 1_300 }, (_, number) => `text ${number}`);
    expect(makeBatches(many).map(batch => batch.length)).toEqual([512, 512, 276]);
  });

  it('holds 40,000 characters at the most, a longer text alone', () => {
    const long = ['a', 'b', 'c'].map(letter => letter.repeat(15_000));
    expect(makeBatches([...long, 'z'.repeat(50_000)]).map(batch => batch.length)).toEqual([2, 1, 1]);
  });

  it('puts texts side by side that differ in case only', () => {
    expect(makeBatches(['Zz', 'aA', 'ZZ', 'aa', 'zz', 'AA'])).toEqual([['AA', 'aA', 'aa', 'ZZ', 'Zz', 'zz']]);
  });

  it('makes no batch of no texts', () => {
    expect(makeBatches([])).toEqual([]);
  });
});
