import type { Group } from './groups.ts';
import { rateInterval } from './rate-interval.ts';
import type { OperatingPoint } from './result.ts';

/**
 * What accepting the scores from `threshold` on does to an intent's samples; scores in ascending order.
 * @param near another threshold's point: where it accepts the same, its rates and intervals are taken
 */
export function operateAt({ positives, negatives }: Group, threshold: number, near?: OperatingPoint): OperatingPoint {
  const truePositives = positives.length - firstAtLeast(positives, threshold);
  const falsePositives = negatives.length - firstAtLeast(negatives, threshold);
  if (near?.truePositives === truePositives && near.falsePositives === falsePositives) return { ...near, threshold };
  return {
    threshold: Number.isFinite(threshold) ? threshold : null,
    truePositives,
    falsePositives,
    tpr: truePositives / positives.length,
    fpr: falsePositives / negatives.length,
    tprInterval: rateInterval(truePositives, positives.length),
    fprInterval: rateInterval(falsePositives, negatives.length),
  };
}

/** The place of the first score that is not below the threshold. */
function firstAtLeast(ascending: Float64Array, threshold: number): number {
  let [from, to] = [0, ascending.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((ascending[middle] ?? 0) < threshold) from = middle + 1;
    else to = middle;
  }
  return from;
}
