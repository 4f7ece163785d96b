import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ScoreSorter } from '../../../src/domain/roc/sort-scores.ts';

const decimals = (digits: number) => fc.integer({ min: 0, max: 10 ** digits }).map(n => n / 10 ** digits);
const kinds = fc.constantFrom(
  decimals(1),
  decimals(3),
  decimals(6),
  decimals(9),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.oneof(decimals(6), decimals(9)),
  fc.oneof(
    { weight: 400, arbitrary: decimals(6) },
    { weight: 1, arbitrary: fc.constantFrom(1 / 3, -0.25, 5e-324, 4295, 1e300) },
  ),
);

test('sorts as numbers, whatever their decimals', () => {
  const sorter = new ScoreSorter();
  const scores = kinds.chain(kind => fc.array(kind, { minLength: 0, maxLength: 3000, size: 'max' }));
  fc.assert(
    fc.property(scores, values => {
      const sorted = Float64Array.from(values);
      sorter.sort(sorted);
      expect(sorted).toEqual(Float64Array.from(values).sort());
    }),
    { numRuns: 150 },
  );
});

test('keeps neither scores nor lengths of earlier calls', () => {
  const sorter = new ScoreSorter();
  sorter.sort(Float64Array.from({ length: 5000 }, (_, i) => 1 - i / 5000));
  const scores = Float64Array.from({ length: 500 }, (_, i) => ((i * 37) % 500) / 1000);
  sorter.sort(scores);
  expect(scores).toEqual(Float64Array.from({ length: 500 }, (_, i) => i / 1000));
});
