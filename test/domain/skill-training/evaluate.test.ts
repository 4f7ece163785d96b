import { describe, expect, it } from 'vitest';
import { evaluate, evaluationResult } from '../../../src/domain/skill-training/evaluate.ts';
import { evaluation } from '../../../src/domain/skill-training/evaluation.ts';

const labels = [
  { id: 'b', name: 'B' },
  { id: 'a', name: 'A' },
  { id: 'never', name: 'Never' },
];
const read = (predictions: unknown[], actuals: string[]) =>
  evaluation.parse({ labels, predictions, actuals, trainingDurationSeconds: 38.3 });

describe('evaluate', () => {
  it('brings everything together in the labels’ order', () => {
    const predictions = [
      { label: 'a', score: 0.9 },
      { label: 'a', score: 0.2 },
      { label: 'b', score: 0.8 },
    ];
    const result = evaluate(read(predictions, ['a', 'b', 'b']));
    expect(result).toMatchObject({
      predictions: 3,
      metrics: { accuracy: 2 / 3, macroPrecision: 0.5, macroRecall: 0.5 },
      bestThreshold: { grid: { threshold: 0.3, f1: 0.8 }, exact: { threshold: 0.2, f1: 0.8 } },
      labels: [
        { id: 'b', name: 'B', precision: 1, recall: 0.5, support: 2, predicted: 1 },
        { id: 'a', name: 'A', precision: 0.5, recall: 1, support: 1, predicted: 2 },
        { id: 'never', f1: 0, support: 0 },
      ],
      confusionMatrix: [
        [1, 1, 0],
        [0, 1, 0],
        [0, 0, 0],
      ],
      worstConfused: [{ actual: 'b', predicted: 'a', count: 1 }],
      unscored: 0,
      trainingDurationSeconds: 38.3,
    });
    expect(evaluationResult.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
  });

  it('has no thresholds without scores, and says how many are missing', () => {
    expect(evaluate(read(['a', 'b'], ['a', 'a']))).toMatchObject({
      bestThreshold: null,
      thresholds: null,
      unscored: 2,
    });
    expect(evaluate(read(['a', { label: 'b', score: 1 }], ['a', 'a']))).toMatchObject({ unscored: 1 });
  });

  it('counts a prediction outside the labels as wrong, as scikit-learn does with `labels=`', () => {
    const matrix = [
      [5, 2, 1],
      [0, 7, 3],
      [0, 3, 8],
    ];
    const ids = ['b', 'a', 'never'];
    const pairs = matrix.flatMap((row, actual) =>
      row.flatMap((count, predicted) => Array.from({ length: count }, () => [ids[actual] ?? '', ids[predicted] ?? ''])),
    );
    const all = [...pairs, ['b', 'nlu_fallback']];
    const result = evaluate(
      read(
        all.map(([, predicted]) => predicted),
        all.map(([actual]) => actual ?? ''),
      ),
    );
    expect(result.confusionMatrix).toEqual(matrix);
    expect(result.metrics.accuracy).toBe(20 / 30);
    expect(result.metrics.macroPrecision).toBeCloseTo(0.75, 4);
    expect(result.metrics.macroRecall).toBeCloseTo(0.6609, 4);
    expect(result.metrics.macroF1).toBeCloseTo(0.6821, 4);
    expect(result.labels[0]).toMatchObject({ support: 9, predicted: 5 });
    expect(result.stray).toEqual([{ label: 'nlu_fallback', count: 1 }]);
  });

  it('refuses what contradicts itself', () => {
    expect(() => evaluate(read(['a'], []))).toThrow(/1 predictions for 0 actuals/);
  });
});
