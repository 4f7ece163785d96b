import type { Curve } from './curve.ts';
import type { Group } from './groups.ts';
import type { Warning } from './result.ts';

/** The normal quantile of a two-sided test at 5 %. */
const z = 1.959963984540054;

/**
 * Problems that no threshold can fix.
 *
 * - `no-better-than-chance`: the AUC is not above 0.5 by more than 1.96 standard deviations that it has where positives
 *   and negatives score alike, √((P + N + 1) / 12PN) (H. B. Mann, D. R. Whitney, On a test of whether one of two random
 *   variables is stochastically larger than the other, 1947; with ties it is less, so that the warning comes rather
 *   than not).
 * - `single-confidence`: more than half of its samples have the same score.
 * - `positives-below-negatives`: the highest score of a positive is below the median of the negatives'.
 * - `few-samples`: see `hasFewSamples`.
 *
 * @param group at least one sample of each label, scores in ascending order
 */
export function findingsAbout({ positives, negatives }: Group, curve: Curve, area: number): Warning[] {
  const [p, n] = [positives.length, negatives.length];
  const found: Warning[] = [];
  if (area - 0.5 <= z * Math.sqrt((p + n + 1) / (12 * p * n))) found.push('no-better-than-chance');
  if (curve.mostOfOneScore > (p + n) / 2) found.push('single-confidence');
  if ((positives[p - 1] ?? 0) < medianOf(negatives)) found.push('positives-below-negatives');
  return found;
}

/** `few-samples`: the intent has fewer positives than a tenth of the median over all intents that are tuned. */
export function hasFewSamples(group: Group, medianPositives: number): boolean {
  return group.positives.length < medianPositives / 10;
}

/** The median of the intents' counts of positives. */
export function medianPositives(groups: readonly Group[]): number {
  return medianOf(Float64Array.from(groups, group => group.positives.length).sort());
}

function medianOf(ascending: Float64Array): number {
  const half = ascending.length >> 1;
  const upper = ascending[half] ?? 0;
  return ascending.length % 2 === 1 ? upper : ((ascending[half - 1] ?? 0) + upper) / 2;
}
