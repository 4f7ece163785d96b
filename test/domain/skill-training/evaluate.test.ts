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

  it('refuses what contradicts itself', () => {
    expect(() => evaluate(read(['a'], []))).toThrow(/1 predictions for 0 actuals/);
  });
});
