import type { Group } from './groups.ts';
import type { Breath } from './yield-to-event-loop.ts';

/** What is asked of `thresholdInterval`. */
export interface Resampling {
  readonly resamples: number;
  /** Whether a resample's point may have this many false positives; if it may, it may have fewer. */
  readonly mayHave: (falsePositives: number) => boolean;
  /** Numbers from 0 up to 1. */
  readonly random: () => number;
}

/**
 * The 95 % percentile interval of the threshold. A resample draws as many positives from the positives and as many
 * negatives from the negatives as there are, with replacement; its threshold is that of its point with the highest
 * J > 0, of equals the one with the highest threshold, among those that may have their false positives. A resample
 * without such a point is left out; `null` where all are. Between two thresholds the percentiles are interpolated, as
 * numpy's do.
 *
 * J rises only where a positive is accepted, so the best point is at the score of a positive: it suffices to count
 * between these scores.
 */
export async function thresholdInterval(
  group: Group,
  { resamples, mayHave, random }: Resampling,
  yieldToEventLoop: Breath,
): Promise<[number, number] | null> {
  const { positives, negatives } = group;
  const bins = binsOf(group);
  const limit = mostThatPass(mayHave, negatives.length);
  const tpCounts = new Uint32Array(bins.thresholds.length);
  const fpCounts = new Uint32Array(bins.thresholds.length + 1);

  const found: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    draw(bins.ofPositives, tpCounts, random);
    draw(bins.ofNegatives, fpCounts, random);
    const best = bestBin(tpCounts, fpCounts, positives.length, negatives.length, limit);
    if (best !== undefined) found.push(bins.thresholds[best] ?? 0);
    if (yieldToEventLoop.isDueAfter(positives.length + negatives.length)) await yieldToEventLoop.take();
  }
  if (found.length === 0) return null;
  const ascending = Float64Array.from(found).sort();
  return [percentile(ascending, 0.025), percentile(ascending, 0.975)];
}

interface Bins {
  /** The distinct scores of positives, descending. */
  readonly thresholds: Float64Array;
  /** Of each positive its score's place in `thresholds`. */
  readonly ofPositives: Uint32Array;
  /** Of each negative the first place whose threshold accepts it; one beyond the last where none does. */
  readonly ofNegatives: Uint32Array;
}

function binsOf({ positives, negatives }: Group): Bins {
  const thresholds = Float64Array.from(new Set(positives)).reverse();
  const assign = (ascending: Float64Array) => {
    const places = new Uint32Array(ascending.length);
    let bin = 0;
    for (let i = ascending.length - 1; i >= 0; i--) {
      while (bin < thresholds.length && (ascending[i] ?? 0) < (thresholds[bin] ?? 0)) bin++;
      places[i] = bin;
    }
    return places;
  };
  return { thresholds, ofPositives: assign(positives), ofNegatives: assign(negatives) };
}

function mostThatPass(mayHave: (falsePositives: number) => boolean, negatives: number): number {
  let [passing, failing] = [-1, negatives + 1];
  while (failing - passing > 1) {
    const middle = (passing + failing) >> 1;
    if (mayHave(middle)) passing = middle;
    else failing = middle;
  }
  return passing;
}

function draw(places: Uint32Array, counts: Uint32Array, random: () => number): void {
  const { length } = places;
  counts.fill(0);
  for (let i = 0; i < length; i++) {
    const place = places[Math.floor(random() * length)] ?? 0;
    counts[place] = (counts[place] ?? 0) + 1;
  }
}

function bestBin(
  tpCounts: Uint32Array,
  fpCounts: Uint32Array,
  positives: number,
  negatives: number,
  limit: number,
): number | undefined {
  let best: number | undefined;
  let highest = 0;
  let tp = 0;
  let fp = 0;
  for (let bin = 0; bin < tpCounts.length; bin++) {
    tp += tpCounts[bin] ?? 0;
    fp += fpCounts[bin] ?? 0;
    if (fp > limit) break;
    const j = tp / positives - fp / negatives;
    // A score that was not drawn is not a point: the one before it has at most its false positives, and its J.
    if (j <= highest) continue;
    highest = j;
    best = bin;
  }
  return best;
}

function percentile(ascending: Float64Array, share: number): number {
  const at = share * (ascending.length - 1);
  const below = ascending[Math.floor(at)] ?? 0;
  return below + ((ascending[Math.ceil(at)] ?? 0) - below) * (at - Math.floor(at));
}
