import type { Difference } from '../domain/push/difference.ts';
import { isPushable } from '../domain/roc/pushable.ts';
import {
  flags,
  type IntentTuning,
  type OperatingPoint,
  type TuningParameters,
  warnings,
} from '../domain/roc/result.ts';
import type { TunedIntent } from './tuning-input.ts';
import { notPushed, notPushedMeaning } from './tuning-notes.ts';

/** Steps of a curve's coordinates, per unit: finer than a chart can show. */
const curveSteps = 10_000;

/** What the page's script knows about an intent. */
export interface IntentData {
  readonly threshold: number | null;
  readonly raw: IntentTuning['raw'];
  readonly jScore: number;
  readonly rocAuc: number;
  readonly positives: number;
  readonly negatives: number;
  readonly flags: IntentTuning['flags'];
  readonly warnings: IntentTuning['warnings'];
  readonly isPushable: boolean;
  readonly point: OperatingPoint | null;
  readonly rounded: OperatingPoint | null;
  readonly interval: readonly [number, number] | null;
  /** What was pushed last for this intent. */
  readonly before: number | null;
  /** From point to point of the curve, in steps of 1 / `curveSteps`: a thousand curves must not weigh much. */
  readonly curve: { readonly fpr: readonly number[]; readonly tpr: readonly number[] };
  readonly histogram: IntentTuning['histogram'];
}

/** The values of an intent that the table can be sorted by, under these names in its headings. */
export type SortKey =
  | 'name'
  | 'threshold'
  | 'interval'
  | 'jScore'
  | 'rocAuc'
  | 'positives'
  | 'negatives'
  | 'tpr'
  | 'fpr'
  | 'notes';

/** What the page's script reads: all that it draws when a row is opened. */
export interface TuningData {
  readonly maxFpr: number;
  readonly maxFprConfidence: boolean;
  readonly bootstrap: number;
  readonly curveSteps: number;
  readonly meanings: Readonly<Record<string, string>>;
  /** In the order of the table's rows. */
  readonly intents: readonly IntentData[];
}

export function tuningData(
  intents: readonly TunedIntent[],
  { maxFpr, maxFprConfidence, bootstrap }: TuningParameters,
  difference: Difference | null,
): TuningData {
  const before = new Map(
    [...(difference?.changed ?? []), ...(difference?.removed ?? [])].map(each => [each.intentId, each.before]),
  );
  for (const { intentId, threshold } of difference?.carried ?? []) before.set(intentId, threshold);
  return {
    maxFpr,
    maxFprConfidence,
    bootstrap,
    curveSteps,
    meanings: { ...flags, ...warnings, [notPushed]: notPushedMeaning },
    intents: intents.map(intent => intentData(intent, before.get(intent.intentId) ?? null)),
  };
}

function intentData(intent: TunedIntent, before: number | null): IntentData {
  const { threshold, jScore, rocAuc, positives, negatives, point, rounded, histogram } = intent;
  return {
    threshold,
    raw: {
      threshold: intent.raw.threshold === null ? null : short(intent.raw.threshold),
      jScore: short(intent.raw.jScore),
      rocAuc: short(intent.raw.rocAuc),
    },
    jScore,
    rocAuc,
    positives,
    negatives,
    flags: intent.flags,
    warnings: intent.warnings,
    isPushable: isPushable(intent),
    point: point === null ? null : shortened(point),
    rounded: rounded === null ? null : shortened(rounded),
    interval: intent.thresholdInterval === null ? null : shortPair(intent.thresholdInterval),
    before,
    curve: { fpr: steps(intent.curve.fpr), tpr: steps(intent.curve.tpr) },
    histogram,
  };
}

/** Six decimals: more than the page shows of any number. */
const short = (value: number) => Math.round(value * 1e6) / 1e6;
const shortPair = ([low, high]: readonly [number, number]): [number, number] => [short(low), short(high)];

function shortened({ threshold, tpr, fpr, tprInterval, fprInterval, ...counts }: OperatingPoint): OperatingPoint {
  return {
    ...counts,
    threshold: threshold === null ? null : short(threshold),
    tpr: short(tpr),
    fpr: short(fpr),
    tprInterval: shortPair(tprInterval),
    fprInterval: shortPair(fprInterval),
  };
}

function steps(values: readonly number[]): number[] {
  const places = values.map(value => Math.round(value * curveSteps));
  return places.map((place, index) => place - (places[index - 1] ?? 0));
}
