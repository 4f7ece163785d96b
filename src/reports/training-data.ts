import type { EvaluationResult } from '../domain/skill-training/evaluate.ts';

/** A label as the page's script knows it. */
export interface LabelData {
  readonly name: string;
  readonly support: number;
  readonly predicted: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** How often the label was mistaken for the one that it is mistaken for most. */
  readonly mistaken: number;
}

/** The values of a label that the table can be sorted by, under these names in its headings. */
export type LabelSortKey = 'name' | 'support' | 'predicted' | 'precision' | 'recall' | 'f1' | 'mistaken';

/** What the page's script reads. */
export interface TrainingData {
  /** In the order of the table's rows, of the matrix's rows and of its columns. */
  readonly labels: readonly LabelData[];
  /** Rows actual, columns predicted. */
  readonly matrix: EvaluationResult['confusionMatrix'];
  /** `null` if the platform returned no scores. */
  readonly thresholds: EvaluationResult['thresholds'];
  readonly predictions: number;
}

export function trainingData({ labels, confusionMatrix, thresholds, predictions }: EvaluationResult): TrainingData {
  return {
    labels: labels.map(({ name, support, predicted, precision, recall, f1 }, index) => ({
      name,
      support,
      predicted,
      precision: short(precision),
      recall: short(recall),
      f1: short(f1),
      mistaken: mostMistaken(confusionMatrix[index] ?? [], index)?.count ?? 0,
    })),
    matrix: confusionMatrix,
    thresholds: thresholds && {
      ...thresholds,
      gridPoints: thresholds.gridPoints.map(shortened),
      curve: thresholds.curve.map(shortened),
    },
    predictions,
  };
}

/** The label that a matrix's row was mistaken for most often, the first of equals; `null` where it never was. */
export function mostMistaken(row: readonly number[], actual: number): { predicted: number; count: number } | null {
  return row.reduce<{ predicted: number; count: number } | null>(
    (most, count, predicted) => (predicted === actual || count <= (most?.count ?? 0) ? most : { predicted, count }),
    null,
  );
}

/** Six decimals: more than the page shows of any number. */
const short = (value: number) => Math.round(value * 1e6) / 1e6;

function shortened<Point extends { readonly threshold: number; readonly f1: number }>(point: Point): Point {
  return { ...point, threshold: short(point.threshold), f1: short(point.f1) };
}
