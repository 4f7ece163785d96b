/** A prediction: how sure the model was, and whether it was right. */
export interface Decision {
  /** `null`: the platform returned none. No threshold rejects such a prediction, so that it counts as accepted. */
  readonly score: number | null;
  readonly isRight: boolean;
}

/**
 * What a threshold does to the predictions: those whose score is at least the threshold are accepted, the others count
 * as "unknown". `tp` accepted and right, `fp` accepted and wrong, `fn` rejected; `f1` = 2tp / (2tp + fp + fn).
 */
export interface ThresholdPoint {
  readonly threshold: number;
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly f1: number;
}

/** The thresholds with the best F1. Of equal F1 the lowest threshold is the best. */
export interface BestThresholds {
  /** The best of the 13 points from 0.30 to 0.90 by 0.05. */
  readonly grid: ThresholdPoint;
  /** The best of all distinct scores. */
  readonly exact: ThresholdPoint;
  /** How many distinct scores have the exact best F1. */
  readonly tiesAtExact: number;
  readonly gridPoints: readonly ThresholdPoint[];
  /** F1 against the threshold, ascending, thinned for drawing; both ends and the exact best are in it. */
  readonly curve: readonly ThresholdPoint[];
}

const mostDrawn = 200;

/** Hundredths, so that 0.35 is the number that reads 0.35, which adding 0.05 up is not. */
const gridThresholds = Array.from({ length: 13 }, (_, step) => (30 + 5 * step) / 100);

/** `null` where no prediction has a score. */
export function bestThresholds(decisions: readonly Decision[]): BestThresholds | null {
  const points = pointsAtScores(decisions);
  const exact = lowestBest(points);
  const gridPoints = gridThresholds.map(threshold => pointAt(decisions, threshold));
  const grid = lowestBest(gridPoints);
  if (exact === null || grid === null) return null;
  const tiesAtExact = points.filter(point => point.f1 === exact.f1).length;
  return { grid, exact, tiesAtExact, gridPoints, curve: thinned(points, exact) };
}

/** What `threshold` does, by looking at every prediction. */
export function pointAt(decisions: readonly Decision[], threshold: number): ThresholdPoint {
  const accepted = decisions.filter(({ score }) => score === null || score >= threshold);
  const tp = accepted.filter(decision => decision.isRight).length;
  return point(threshold, tp, accepted.length - tp, decisions.length - accepted.length);
}

/** The point of each distinct score, ascending: one walk over the sorted scores, each rejecting what lies below it. */
function pointsAtScores(decisions: readonly Decision[]): ThresholdPoint[] {
  const scored = decisions
    .flatMap(({ score, isRight }) => (score === null ? [] : [{ score, isRight }]))
    .sort((a, b) => a.score - b.score);
  const points: ThresholdPoint[] = [];
  let tp = decisions.filter(decision => decision.isRight).length;
  let fp = decisions.length - tp;
  for (const [fn, { score, isRight }] of scored.entries()) {
    if (score !== scored[fn - 1]?.score) points.push(point(score, tp, fp, fn));
    if (isRight) tp -= 1;
    else fp -= 1;
  }
  return points;
}

function point(threshold: number, tp: number, fp: number, fn: number): ThresholdPoint {
  const all = 2 * tp + fp + fn;
  return { threshold, tp, fp, fn, f1: all === 0 ? 0 : (2 * tp) / all };
}

/** Equal fractions of whole numbers divide to equal numbers, so that ties are exact. `points` ascend. */
function lowestBest(points: readonly ThresholdPoint[]): ThresholdPoint | null {
  return points.reduce<ThresholdPoint | null>((best, each) => (best === null || each.f1 > best.f1 ? each : best), null);
}

function thinned(points: readonly ThresholdPoint[], best: ThresholdPoint): ThresholdPoint[] {
  if (points.length <= mostDrawn) return [...points];
  const last = points.length - 1;
  const drawn = new Set(Array.from({ length: mostDrawn }, (_, step) => Math.round((step * last) / (mostDrawn - 1))));
  return points.filter((each, index) => drawn.has(index) || each === best);
}
