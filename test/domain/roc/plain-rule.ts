import { type IntentTuning, type TuningParameters, tuningParameters } from '../../../src/domain/roc/result.ts';
import type { Label } from '../../../src/domain/roc/samples.ts';
import { Samples } from '../../../src/domain/roc/samples.ts';
import { tuneIntents } from '../../../src/domain/roc/tune.ts';

/** A row of an export. */
export interface Row {
  readonly intentId: string;
  readonly label: Label;
  readonly score: number;
}

export function samplesOf(rows: Iterable<Row>): Samples {
  const samples = new Samples();
  for (const { intentId, label, score } of rows) samples.add(samples.intent(intentId), label, score);
  return samples;
}

/** Every intent's tuning, without a least number of samples where none is asked for. */
export async function tuneAll(rows: Iterable<Row>, asked: Partial<TuningParameters> = {}): Promise<IntentTuning[]> {
  const parameters = tuningParameters.parse({ minPositives: 0, minNegatives: 0, ...asked });
  const tunings: IntentTuning[] = [];
  for await (const tuning of tuneIntents(samplesOf(rows), () => true, parameters)) tunings.push(tuning);
  return tunings;
}

/** How many of the rows with this label have a score of at least the threshold, counted one by one. */
export function accepted(rows: readonly Row[], label: Label, threshold: number): number {
  return rows.filter(row => row.label === label && row.score >= threshold).length;
}

export interface Point {
  readonly threshold: number;
  readonly tp: number;
  readonly fp: number;
  readonly j: number;
}

/** The ROC's points with none left out, each counted from the rows anew. */
export function pointsOf(rows: readonly Row[]): Point[] {
  const [positives, negatives] = [accepted(rows, 1, -1), accepted(rows, 0, -1)];
  const scores = [...new Set(rows.map(({ score }) => score))].sort((a, b) => b - a);
  return [Number.POSITIVE_INFINITY, ...scores].map(threshold => {
    const [tp, fp] = [accepted(rows, 1, threshold), accepted(rows, 0, threshold)];
    return { threshold, tp, fp, j: tp / positives - fp / negatives };
  });
}

/** The points that scikit-learn's curve keeps: all but those between two equal steps; the infinite one is not looked at. */
export function withoutIntermediate(points: readonly Point[]): Point[] {
  return points.filter((point, at) => {
    const [before, after] = [points[at - 1], points[at + 1]];
    if (at < 2 || before === undefined || after === undefined) return true;
    return after.tp - point.tp !== point.tp - before.tp || after.fp - point.fp !== point.fp - before.fp;
  });
}
