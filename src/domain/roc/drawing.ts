import type { Curve } from './curve.ts';
import type { IntentTuning } from './result.ts';

const steps = 73;
const bins = 40;

/**
 * At most 149 points of the curve that draw it: the first, the last, the chosen one, and the first and the last point in
 * each of 73 equal steps of TPR + FPR, so that corners and jumps stay and a point left out is near one that is drawn.
 */
export function thinnedCurve({ fpr, tpr }: Curve, chosen: number | undefined): IntentTuning['curve'] {
  const last = fpr.length - 1;
  const stepOf = (at: number) => Math.min(steps - 1, Math.floor((((fpr[at] ?? 0) + (tpr[at] ?? 0)) / 2) * steps));
  const thinned: IntentTuning['curve'] = { fpr: [], tpr: [] };
  let before = -1;
  let here = stepOf(0);
  for (let at = 0; at <= last; at++) {
    const after = at === last ? -1 : stepOf(at + 1);
    if (here !== before || here !== after || at === chosen) {
      thinned.fpr.push(fpr[at] ?? 0);
      thinned.tpr.push(tpr[at] ?? 0);
    }
    before = here;
    here = after;
  }
  return thinned;
}

/** How many scores lie in each of 40 equal bins from 0 to 1; 1 lies in the last. */
export function histogram(scores: Float64Array): number[] {
  const counts = new Uint32Array(bins);
  for (let i = 0; i < scores.length; i++) {
    const bin = Math.max(0, Math.min(bins - 1, Math.floor((scores[i] ?? 0) * bins)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return [...counts];
}
