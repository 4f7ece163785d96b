import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelScores, metricsOf } from '../../../src/domain/skill-training/label-scores.ts';

describe('labelScores', () => {
  it('is precision, recall and F1 of each label', () => {
    const matrix = [
      [3, 1, 0],
      [1, 2, 0],
      [0, 0, 0],
    ];
    const scores = labelScores(matrix);
    expect(scores).toEqual([
      { precision: 0.75, recall: 0.75, f1: 0.75, support: 4, predicted: 4 },
      { precision: 2 / 3, recall: 2 / 3, f1: 2 / 3, support: 3, predicted: 3 },
      { precision: 0, recall: 0, f1: 0, support: 0, predicted: 0 },
    ]);
    const macro = (0.75 + 2 / 3) / 3;
    const metrics = metricsOf(matrix, scores);
    expect(metrics.accuracy).toBe(5 / 7);
    for (const figure of [metrics.macroPrecision, metrics.macroRecall, metrics.macroF1])
      expect(figure).toBeCloseTo(macro, 12);
  });

  it('has an F1 that is the harmonic mean of precision and recall', () => {
    const matrices = fc.array(fc.array(fc.nat({ max: 9 }), { minLength: 3, maxLength: 3 }), {
      minLength: 3,
      maxLength: 3,
    });
    fc.assert(
      fc.property(matrices, matrix => {
        const scores = labelScores(matrix);
        for (const { precision, recall, f1 } of scores)
          expect(f1).toBeCloseTo(precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall), 12);
        for (const figure of Object.values(metricsOf(matrix, scores))) {
          expect(figure).toBeGreaterThanOrEqual(0);
          expect(figure).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
