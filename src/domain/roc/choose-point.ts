import type { Curve } from './curve.ts';

/** The point of a curve that a threshold is taken from. */
export interface Choice {
  /** Its place on the curve. */
  readonly at: number;
  /** Whether it is better than chance and keeps the highest false positive rate; otherwise it is the nearest to that rate. */
  readonly isRegular: boolean;
}

/**
 * Chooses by Youden's J = TPR − FPR (W. J. Youden, Index for rating diagnostic tests, Cancer 3, 1950): of the points with
 * J > 0 that keep the bound the first with the highest J; where none keeps it the point, of all, that is nearest to the
 * bound, the first of equals, which may be the infinite one. `undefined` where no point has J > 0.
 *
 * @param heldRate what is held below `maxFpr` at a point with this many false positives: must not fall with them
 */
export function choosePoint(
  curve: Curve,
  maxFpr: number,
  heldRate: (falsePositives: number) => number,
): Choice | undefined {
  const kept = pointsWithin(curve, maxFpr, heldRate);
  const best = highestJ(curve, kept);
  if (best !== undefined) return { at: best, isRegular: true };
  if (highestJ(curve, curve.fpr.length) === undefined) return undefined;
  return { at: nearest(curve, kept, maxFpr, heldRate), isRegular: false };
}

/** How many points, counted from the first, keep the bound: those after them have more false positives, and break it. */
function pointsWithin({ falsePositives }: Curve, maxFpr: number, heldRate: (falsePositives: number) => number): number {
  let [within, beyond] = [0, falsePositives.length];
  while (within < beyond) {
    const middle = (within + beyond) >> 1;
    if (heldRate(falsePositives[middle] ?? 0) <= maxFpr) within = middle + 1;
    else beyond = middle;
  }
  return within;
}

/** The first with the highest J > 0 among the first `count` points. */
function highestJ({ tpr, fpr }: Curve, count: number): number | undefined {
  let best: number | undefined;
  let highest = 0;
  for (let at = 0; at < count; at++) {
    const j = (tpr[at] ?? 0) - (fpr[at] ?? 0);
    if (j <= highest) continue;
    highest = j;
    best = at;
  }
  return best;
}

/** The rates rise along the curve: the nearest one is the last that keeps the bound, or the first that breaks it. */
function nearest(
  { falsePositives }: Curve,
  kept: number,
  maxFpr: number,
  heldRate: (falsePositives: number) => number,
): number {
  const distance = (at: number) => Math.abs(heldRate(falsePositives[at] ?? 0) - maxFpr);
  const below = kept === 0 ? undefined : falsePositives.indexOf(falsePositives[kept - 1] ?? 0);
  if (below === undefined) return 0;
  if (kept === falsePositives.length) return below;
  return distance(below) <= distance(kept) ? below : kept;
}
