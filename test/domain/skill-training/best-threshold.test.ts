import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestThresholds, type Decision, pointAt } from '../../../src/domain/skill-training/best-threshold.ts';

const right = (score: number | null): Decision => ({ score, isRight: true });
const wrong = (score: number | null): Decision => ({ score, isRight: false });
const decisions = fc.array(
  fc.record({
    score: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 0, max: 20 }).map(step => step / 20) },
      { weight: 1, arbitrary: fc.constant(null) },
    ),
    isRight: fc.boolean(),
  }),
  { maxLength: 30 },
);

/** CONTRACT's rule read off word for word. */
function bruteF1(all: readonly Decision[], threshold: number): number {
  let [tp, fp, fn] = [0, 0, 0];
  for (const { score, isRight } of all) {
    if (score !== null && score < threshold) fn += 1;
    else if (isRight) tp += 1;
    else fp += 1;
  }
  return (2 * tp) / (2 * tp + fp + fn);
}

describe('bestThresholds', () => {
  it('is nothing without scores', () => {
    expect(bestThresholds([])).toBeNull();
    expect(bestThresholds([right(null), wrong(null)])).toBeNull();
  });

  it('has a grid of 13 points that are the numbers which they read', () => {
    const thresholds = bestThresholds([right(0.5)])?.gridPoints.map(point => point.threshold);
    expect(thresholds).toEqual([0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9]);
  });

  it('accepts a score that equals the threshold', () => {
    expect(pointAt([right(0.35), wrong(0.34)], 0.35)).toEqual({ threshold: 0.35, tp: 1, fp: 0, fn: 1, f1: 2 / 3 });
  });

  it('takes the lowest of equal F1', () => {
    // Rejecting the wrong one trades a false positive for a false negative: F1 stays the same.
    const best = bestThresholds([wrong(0.1), wrong(0.2), right(0.9)]);
    expect(best?.exact).toEqual({ threshold: 0.1, tp: 1, fp: 2, fn: 0, f1: 0.5 });
    expect(best?.tiesAtExact).toBe(3);
    expect(best?.grid.threshold).toBe(0.3);
    expect(bestThresholds([wrong(0.6)])).toMatchObject({
      exact: { threshold: 0.6, f1: 0 },
      grid: { threshold: 0.3, f1: 0 },
    });
  });

  it('accepts a prediction without a score at every threshold', () => {
    expect(bestThresholds([right(null), wrong(null), right(0.5)])?.gridPoints.at(-1)).toEqual({
      threshold: 0.9,
      tp: 1,
      fp: 1,
      fn: 1,
      f1: 0.5,
    });
  });

  it('is the best of all distinct scores by brute force', () => {
    fc.assert(
      fc.property(decisions, all => {
        const scores = [...new Set(all.flatMap(({ score }) => (score === null ? [] : [score])))].sort((a, b) => a - b);
        const best = bestThresholds(all);
        if (scores.length === 0) {
          expect(best).toBeNull();
          return;
        }
        const f1s = scores.map(score => bruteF1(all, score));
        const highest = Math.max(...f1s);
        expect(best?.exact).toMatchObject({ threshold: scores[f1s.indexOf(highest)], f1: highest });
        expect(best?.tiesAtExact).toBe(f1s.filter(f1 => f1 === highest).length);
        expect(best?.curve).toEqual(scores.map(score => pointAt(all, score)));
        for (const point of best?.gridPoints ?? []) expect(point.f1).toBe(bruteF1(all, point.threshold));
      }),
    );
  });

  it('thins the curve, and leaves both ends and the best in it', () => {
    const all = Array.from({ length: 5000 }, (_, index) =>
      (index % 7 === 0 || index > 1234 ? right : wrong)(index / 5000),
    );
    const best = bestThresholds(all);
    const curve = best?.curve ?? [];
    expect(curve.length).toBeLessThanOrEqual(201);
    expect(curve).toContain(best?.exact);
    expect([curve[0]?.threshold, curve.at(-1)?.threshold]).toEqual([0, 4999 / 5000]);
    const thresholds = curve.map(point => point.threshold);
    expect(thresholds).toEqual([...thresholds].sort((a, b) => a - b));
  });
});
