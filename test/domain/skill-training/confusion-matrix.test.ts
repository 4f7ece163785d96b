import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confusionMatrix, worstConfused } from '../../../src/domain/skill-training/confusion-matrix.ts';

const labels = ['a', 'b', '__proto__'];
const pairs = fc.array(fc.tuple(fc.constantFrom(...labels), fc.constantFrom(...labels)));

describe('confusionMatrix', () => {
  it('has actual labels as rows and predicted ones as columns', () => {
    expect(confusionMatrix(['a', 'b'], ['a', 'a', 'a', 'b'], ['a', 'b', 'b', 'b'])).toEqual([
      [1, 2],
      [0, 1],
    ]);
  });

  it('counts as looking for each pair does', () => {
    fc.assert(
      fc.property(pairs, all => {
        const matrix = confusionMatrix(
          labels,
          all.map(([actual]) => actual),
          all.map(([, predicted]) => predicted),
        );
        const counted = labels.map(row =>
          labels.map(column => all.filter(([actual, predicted]) => actual === row && predicted === column).length),
        );
        expect(matrix).toEqual(counted);
      }),
    );
  });
});

describe('worstConfused', () => {
  it('is the mistakes, most frequent first', () => {
    const matrix = [
      [9, 2, 0],
      [5, 9, 2],
      [0, 1, 9],
    ];
    expect(worstConfused(['a', 'b', 'c'], matrix, 3)).toEqual([
      { actual: 'b', predicted: 'a', count: 5 },
      { actual: 'a', predicted: 'b', count: 2 },
      { actual: 'b', predicted: 'c', count: 2 },
    ]);
    expect(worstConfused(['a', 'b', 'c'], matrix, 99)).toHaveLength(4);
  });
});
