import { rateInterval } from '../roc/rate-interval.ts';
import type { Counts } from './alert-counts.ts';

/** What a trigger would raise with this threshold: the alerts whose score is at least that. */
export interface CurvePoint extends Counts {
  readonly threshold: number;
}

/**
 * The points of a trigger, the lowest threshold first: `least`, each score between, and `most`. A threshold between two
 * points raises what the higher one does, so no other one is of interest.
 */
export function thresholdCurve(byScore: ReadonlyMap<number, Counts>, least: number, most: number): CurvePoint[] {
  const thresholds = new Set([least, ...[...byScore.keys()].filter(score => score > least && score < most), most]);
  const scores = [...byScore].sort(([a], [b]) => b - a);
  const raised = { open: 0, confirmed: 0, refuted: 0 };
  let next = 0;
  const points: CurvePoint[] = [];
  for (const threshold of [...thresholds].sort((a, b) => b - a)) {
    for (let at = scores[next]; at !== undefined && at[0] >= threshold; at = scores[++next]) {
      raised.open += at[1].open;
      raised.confirmed += at[1].confirmed;
      raised.refuted += at[1].refuted;
    }
    points.push({ threshold, ...raised });
  }
  return points.reverse();
}

/** The lower end of the exact 95 % interval of the precision at a point; 0 where no alert was judged. */
export function lowerBound({ confirmed, refuted }: Counts): number {
  return rateInterval(confirmed, confirmed + refuted)[0];
}

/** Whether that lower end reaches `target`. The interval is computed only where the precision itself does. */
export function reaches(target: number, point: Counts): boolean {
  const judged = point.confirmed + point.refuted;
  return judged > 0 && point.confirmed >= target * judged && lowerBound(point) >= target;
}
