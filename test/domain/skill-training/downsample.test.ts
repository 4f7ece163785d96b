import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classBalance, classCounts } from '../../../src/domain/skill-training/class-counts.ts';
import { downsample } from '../../../src/domain/skill-training/downsample.ts';
import { anyTrainingData, classesOf, dataOf } from './sample-data.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const sorted = (of: readonly object[]) => of.map(each => JSON.stringify(each)).sort();

describe('downsample', () => {
  it('cuts classes to three times the smallest, and says what it dropped', () => {
    const { data, dropped } = downsample(classesOf({ a: 10, b: 3, c: 9, d: 40 }), 1);
    expect([...classCounts(data.utterances)]).toEqual([
      ['a', 9],
      ['b', 3],
      ['c', 9],
      ['d', 9],
    ]);
    expect(dropped).toEqual([
      { label: 'd', had: 40, kept: 9 },
      { label: 'a', had: 10, kept: 9 },
    ]);
  });

  it('leaves balanced and empty data alone', () => {
    for (const data of [classesOf({ a: 2, b: 6 }), classesOf({}), classesOf({ a: 100 })])
      expect(downsample(data, 1)).toEqual({ data, dropped: [] });
  });

  it('keeps a ratio of at most 3, the order, every small class whole, and the sum of what it dropped', () => {
    fc.assert(
      fc.property(anyTrainingData, seeds, (data, seed) => {
        const before = classCounts(data.utterances);
        const least = Math.min(...before.values());
        const result = downsample(data, seed);
        const after = classCounts(result.data.utterances);
        for (const [label, had] of before) expect(after.get(label)).toBe(Math.min(had, 3 * least));
        expect(classBalance(result.data.utterances)?.ratio ?? 1).toBeLessThanOrEqual(3);
        const places = result.data.utterances.map(each => data.utterances.indexOf(each));
        expect(places).toEqual([...places].sort((a, b) => a - b));
        const lost = result.dropped.reduce((sum, each) => sum + each.had - each.kept, 0);
        expect(result.data.utterances).toHaveLength(data.utterances.length - lost);
        expect(downsample(data, seed)).toEqual(result);
        expect(downsample(result.data, seed)).toEqual({ data: result.data, dropped: [] });
      }),
    );
  });

  it('keeps the same utterances whatever their order', () => {
    const shuffled = anyTrainingData.chain(data =>
      fc
        .shuffledSubarray(data.utterances, { minLength: data.utterances.length })
        .map(utterances => [data, { ...data, utterances }] as const),
    );
    fc.assert(
      fc.property(shuffled, seeds, ([data, other], seed) => {
        expect(sorted(downsample(other, seed).data.utterances)).toEqual(sorted(downsample(data, seed).data.utterances));
      }),
    );
  });

  it('draws others under another seed, evenly', () => {
    const data = classesOf({ a: 1, b: 12 });
    const drawn = Array.from({ length: 2000 }, (_, seed) => downsample(data, seed).data.utterances.slice(1));
    const times = data.utterances.slice(1).map(each => drawn.filter(kept => kept.includes(each)).length);
    // 2,000 draws of 3 in 12: 500 each, with a standard deviation of 19.
    for (const count of times) expect(Math.abs(count - 500)).toBeLessThan(100);
  });

  it('counts only classes that occur', () => {
    const data = dataOf(
      [
        ['1', 'a'],
        ['2', 'a'],
        ['3', 'a'],
        ['4', 'a'],
      ],
      ['a', 'never'],
    );
    expect(downsample(data, 1).dropped).toEqual([]);
  });
});
