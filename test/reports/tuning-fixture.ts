import type { Difference } from '../../src/domain/push/difference.ts';
import { isPushable } from '../../src/domain/roc/pushable.ts';
import type { IntentTuning, OperatingPoint, Warning } from '../../src/domain/roc/result.ts';
import type { TunedIntent, TuningReport } from '../../src/reports/tuning-report.ts';

const bins = 40;
const curvePoints = 120;

/** A normal distribution function, near enough for a curve that looks like one. */
const below = (z: number) => 1 / (1 + Math.exp(-1.702 * z));

/**
 * An intent whose scores lie about two centres. Positives and negatives overlap the more, the less `separation` is.
 */
export function tuned(number: number, changed: Partial<TunedIntent> = {}): TunedIntent {
  const separation = 1 + ((number * 7) % 11) / 6;
  const positives = changed.positives ?? 40 + ((number * 37) % 400);
  const negatives = changed.negatives ?? 300 + ((number * 113) % 2000);
  const centre = 0.45 + ((number * 13) % 17) / 100;
  const tail = (score: number, middle: number) => below((middle - score) / 0.11);
  const tprAt = (score: number) => tail(score, centre + 0.05 + separation * 0.07);
  const fprAt = (score: number) => tail(score, centre - separation * 0.07);
  const threshold = Math.round((centre + 0.02) * 1000) / 1000;
  const scores = Array.from({ length: curvePoints + 1 }, (_, index) => 1 - index / curvePoints);
  const perBin = (at: (score: number) => number, total: number) =>
    Array.from({ length: bins }, (_, bin) => Math.round((at(bin / bins) - at((bin + 1) / bins)) * total));
  const raw = threshold + 0.000417;
  const jScore = tprAt(raw) - fprAt(raw);
  const tuning: IntentTuning = {
    intentId: `8f14e45f-${String(number).padStart(4, '0')}-4b2a-9c3d`,
    threshold,
    jScore: Math.round(jScore * 1000) / 1000,
    rocAuc: Math.round((0.84 + separation * 0.05) * 1000) / 1000,
    sampleCount: positives + negatives,
    positives,
    negatives,
    flags: [],
    warnings: [],
    raw: { threshold: raw, jScore, rocAuc: 0.84 + separation * 0.05 },
    point: operatingPoint(raw, tprAt(raw), fprAt(raw), positives, negatives),
    rounded: operatingPoint(threshold, tprAt(threshold - 0.008), fprAt(threshold - 0.008), positives, negatives),
    thresholdInterval: [threshold - 0.021, threshold + 0.034],
    curve: {
      fpr: [0, ...scores.slice(1, -1).map(fprAt), 1],
      tpr: [0, ...scores.slice(1, -1).map(tprAt), 1],
    },
    histogram: { positives: perBin(tprAt, positives), negatives: perBin(fprAt, negatives) },
  };
  return { name: names[number % names.length] + (number < names.length ? '' : ` ${number}`), ...tuning, ...changed };
}

const names = [
  'Billing question',
  'Cancel contract',
  'Change of address',
  'Delivery status',
  'Internet is slow',
  'Invoice copy',
  'Opening hours',
  'Password reset',
  'Payment failed',
  'Refund',
  'SIM card blocked',
  'Talk to a person',
  'Tariff change',
  'Technician appointment',
] as const;

export function operatingPoint(
  threshold: number | null,
  tpr: number,
  fpr: number,
  positives: number,
  negatives: number,
): OperatingPoint {
  const about = (rate: number, samples: number): [number, number] => {
    const width = 1.96 * Math.sqrt((rate * (1 - rate) + 0.002) / samples);
    return [Math.max(0, rate - width), Math.min(1, rate + width)];
  };
  return {
    threshold,
    truePositives: Math.round(tpr * positives),
    falsePositives: Math.round(fpr * negatives),
    tpr,
    fpr,
    tprInterval: about(tpr, positives),
    fprInterval: about(fpr, negatives),
  };
}

/** All samples of one class: no curve, no points, the default threshold. */
export const oneClass: Partial<TunedIntent> = {
  threshold: 0.5,
  jScore: 0,
  rocAuc: 0,
  negatives: 0,
  flags: ['one-class'],
  raw: { threshold: 0.5, jScore: 0, rocAuc: 0 },
  point: null,
  rounded: null,
  thresholdInterval: null,
  curve: { fpr: [], tpr: [] },
};

/** The chosen point lies above every score: there is no number to push. */
export const infinite: Partial<TunedIntent> = {
  threshold: null,
  flags: ['max-fpr-unmet', 'threshold-out-of-range'],
  raw: { threshold: null, jScore: 0, rocAuc: 0.53 },
  point: operatingPoint(null, 0, 0, 40, 300),
  rounded: null,
  thresholdInterval: null,
};

const warned: readonly Warning[] = ['few-samples', 'single-confidence'];

/** Intents of every kind. */
export function intents(size: number): TunedIntent[] {
  return Array.from({ length: size }, (_, number) => {
    if (number % 14 === 4) return tuned(number, oneClass);
    if (number % 14 === 9) return tuned(number, infinite);
    if (number % 14 === 6) return tuned(number, { warnings: [...warned] });
    if (number % 14 === 11) return tuned(number, { flags: ['max-fpr-unmet'], warnings: ['no-better-than-chance'] });
    if (number % 14 === 2) return tuned(number, { flags: ['too-few-positives'], positives: 3 });
    return tuned(number);
  });
}

export function differenceOf(list: readonly TunedIntent[]): Difference {
  const of = (remainder: number) => list.filter((each, index) => index % 7 === remainder && isPushable(each));
  const named = ({ intentId, name }: TunedIntent) => ({ intentId, name });
  const after = ({ threshold }: TunedIntent) => threshold ?? 0;
  return {
    since: { version: 7, at: '2026-03-01T09:30:00.000Z' },
    global: { before: 0.531, after: 0.548 },
    added: of(0).map(each => ({ ...named(each), after: after(each) })),
    removed: [{ intentId: 'retired-offer', name: 'Spring offer', before: 0.61 }],
    changed: [...of(1), ...of(3), ...of(5)].map((each, index) => ({
      ...named(each),
      before: Math.round((after(each) + (((index * 29) % 17) - 8) / 100) * 1000) / 1000,
      after: after(each),
    })),
    carried: list
      .filter(each => !isPushable(each))
      .map(each => ({ ...named(each), threshold: 0.5, reason: each.flags.join('; ') })),
    unchanged: of(6).length,
  };
}

export function tuningOf(list: readonly TunedIntent[], changed: Partial<TuningReport> = {}): TuningReport {
  return {
    title: 'confidence-export-2026-03.csv',
    tenant: 'default',
    at: '2026-03-08T14:05:12.345Z',
    rows: list.reduce((sum, each) => sum + each.sampleCount, 0),
    parameters: {
      maxFpr: 0.15,
      maxFprConfidence: false,
      bootstrap: 1000,
      seed: 1,
      minPositives: 5,
      minNegatives: 5,
    },
    globalThreshold: 0.548,
    intents: list,
    skipped: ['legacy-greeting', 'test-intent-2'],
    difference: differenceOf(list),
    ...changed,
  };
}
