import type { ConfusionMatrix } from './confusion-matrix.ts';

/** How well one label is recognised. Shares are within 0..1; a share with denominator 0 is 0. */
export interface LabelScore {
  /** Of what was predicted as this label, how much is. */
  readonly precision: number;
  /** Of what is this label, how much was predicted so. */
  readonly recall: number;
  /** 2tp / (2tp + fp + fn): the harmonic mean of the two. */
  readonly f1: number;
  /** Actual utterances of the label. */
  readonly support: number;
  /** Utterances for which it was predicted. */
  readonly predicted: number;
}

/**
 * The score of each label, in the matrix's order: scikit-learn's `precision_recall_fscore_support` with `zero_division=0`.
 * @param supports actual utterances of each label; more than its row's sum where predictions are outside the labels
 */
export function labelScores(matrix: ConfusionMatrix, supports: readonly number[] = matrix.map(sum)): LabelScore[] {
  const predictedOf = matrix.map((_, column) => sum(matrix.map(row => row[column] ?? 0)));
  return matrix.map((row, index) => {
    const hits = row[index] ?? 0;
    const support = supports[index] ?? 0;
    const predicted = predictedOf[index] ?? 0;
    return {
      precision: share(hits, predicted),
      recall: share(hits, support),
      f1: share(2 * hits, support + predicted),
      support,
      predicted,
    };
  });
}

/**
 * Macro figures are plain means over all labels, those included that never occur (they count 0): scikit-learn's
 * `average='macro'` with all labels named.
 */
export interface Metrics {
  readonly accuracy: number;
  readonly macroPrecision: number;
  readonly macroRecall: number;
  readonly macroF1: number;
}

export function metricsOf(matrix: ConfusionMatrix, scores: readonly LabelScore[]): Metrics {
  const mean = (of: (score: LabelScore) => number) => share(sum(scores.map(of)), scores.length);
  return {
    accuracy: share(sum(matrix.map((row, index) => row[index] ?? 0)), sum(scores.map(score => score.support))),
    macroPrecision: mean(score => score.precision),
    macroRecall: mean(score => score.recall),
    macroF1: mean(score => score.f1),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
