import { z } from 'zod';
import { bestThresholds } from './best-threshold.ts';
import { confusionMatrix, worstConfused } from './confusion-matrix.ts';
import { type Evaluation, refuseUnusable } from './evaluation.ts';
import { labelScores, metricsOf } from './label-scores.ts';

const share = z.number().min(0).max(1);
const count = z.number().int().nonnegative();

export const metrics = z.strictObject({ accuracy: share, macroPrecision: share, macroRecall: share, macroF1: share });

const best = z.strictObject({ threshold: z.number(), f1: share });
/** The thresholds with the best F1, of the grid and of all scores; `null` where the platform returned no scores. */
export const bestThreshold = z.strictObject({ grid: best, exact: best }).nullable();

const point = z.strictObject({ threshold: z.number(), tp: count, fp: count, fn: count, f1: share });

/** All that is computed from an evaluation, as it is stored for reports. */
export const evaluationResult = z.strictObject({
  predictions: count,
  metrics,
  bestThreshold,
  /** In the platform's order, as the matrix's rows and columns. */
  labels: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      precision: share,
      recall: share,
      f1: share,
      support: count,
      predicted: count,
    }),
  ),
  /** Rows actual, columns predicted. */
  confusionMatrix: z.array(z.array(count)),
  /** The ten pairs that were mistaken most often, worst first. */
  worstConfused: z.array(z.strictObject({ actual: z.string(), predicted: z.string(), count })),
  thresholds: z
    .strictObject({
      grid: point,
      exact: point,
      tiesAtExact: count,
      gridPoints: z.array(point),
      curve: z.array(point),
    })
    .nullable(),
  /** Predictions without a score: accepted at every threshold. */
  unscored: count,
  trainingDurationSeconds: z.number().nonnegative(),
});
export type EvaluationResult = z.infer<typeof evaluationResult>;

const mostConfused = 10;

/**
 * The result of an evaluation; equal to scikit-learn's figures with `zero_division=0` and all labels named.
 * @throws MlopsError PLATFORM_WRONG_SHAPE where the evaluation contradicts itself or has no predictions
 */
export function evaluate(evaluation: Evaluation): EvaluationResult {
  refuseUnusable(evaluation);
  const { labels, predictions, actuals, trainingDurationSeconds } = evaluation;
  const ids = labels.map(label => label.id);
  const matrix = confusionMatrix(
    ids,
    actuals,
    predictions.map(each => each.label),
  );
  const scores = labelScores(matrix);
  const decisions = predictions.map(({ label, score }, index) => ({ score, isRight: label === actuals[index] }));
  const thresholds = bestThresholds(decisions);
  return {
    predictions: predictions.length,
    metrics: metricsOf(matrix, scores),
    bestThreshold: thresholds && { grid: short(thresholds.grid), exact: short(thresholds.exact) },
    labels: labels.flatMap(({ id, name }, index) =>
      scores.slice(index, index + 1).map(score => ({ id, name, ...score })),
    ),
    confusionMatrix: matrix.map(row => [...row]),
    worstConfused: worstConfused(ids, matrix, mostConfused),
    thresholds: thresholds && { ...thresholds, gridPoints: [...thresholds.gridPoints], curve: [...thresholds.curve] },
    unscored: decisions.filter(decision => decision.score === null).length,
    trainingDurationSeconds,
  };
}

function short({ threshold, f1 }: { readonly threshold: number; readonly f1: number }) {
  return { threshold, f1 };
}
