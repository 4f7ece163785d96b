import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rateInterval } from '../../../src/domain/roc/rate-interval.ts';
import { intervals } from './reference.ts';

describe('the interval of a rate', () => {
  test.each(intervals)('%i of %i', (count, total, low, high) => {
    const [lower, upper] = rateInterval(count, total);
    expect(Math.abs(lower - low)).toBeLessThan(1e-13);
    expect(Math.abs(upper - high)).toBeLessThan(1e-13);
    expect(Math.abs(lower - low)).toBeLessThanOrEqual(1e-10 * low);
  });

  test('has exact ends, and is everything where nothing was seen', () => {
    expect(rateInterval(0, 7)[0]).toBe(0);
    expect(rateInterval(7, 7)[1]).toBe(1);
    expect(rateInterval(0, 0)).toEqual([0, 1]);
  });

  test('holds the rate, grows with the count and shrinks with the total', () => {
    const counts = fc.integer({ min: 1, max: 100_000 }).chain(total => fc.tuple(fc.nat(total), fc.constant(total)));
    fc.assert(
      fc.property(counts, ([count, total]) => {
        const [lower, upper] = rateInterval(count, total);
        expect(lower).toBeLessThanOrEqual(count / total);
        expect(upper).toBeGreaterThanOrEqual(count / total);
        if (count < total) {
          const [nextLower, nextUpper] = rateInterval(count + 1, total);
          expect(nextLower).toBeGreaterThan(lower);
          expect(nextUpper).toBeGreaterThan(upper);
        }
        const [wideLower, wideUpper] = rateInterval(count, total + 1);
        expect(wideLower).toBeLessThanOrEqual(lower);
        expect(wideUpper).toBeLessThan(upper);
      }),
    );
  });

  test('covers the true rate in at least 95 of 100 cases', () => {
    for (const [total, rate] of [
      [8, 0.1],
      [30, 0.03],
      [50, 0.5],
    ] as const) {
      let [covered, probability] = [0, (1 - rate) ** total];
      for (let count = 0; count <= total; count++) {
        const [lower, upper] = rateInterval(count, total);
        if (lower <= rate && rate <= upper) covered += probability;
        probability *= ((total - count) / (count + 1)) * (rate / (1 - rate));
      }
      expect(covered).toBeGreaterThanOrEqual(0.95);
    }
  });
});
