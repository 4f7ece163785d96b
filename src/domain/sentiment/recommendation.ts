import { type AlertTrigger, bounds, type Calibration, triggerKey } from './calibration.ts';
import { type Precision, precisionOf } from './precision.ts';
import type { TriggerScores } from './score-counts.ts';
import { type CurvePoint, lowerBound, reaches, thresholdCurve } from './threshold-curve.ts';

export const defaultTarget = 0.8;
/** With fewer outcomes of a trigger nothing is proposed for it. */
export const leastOutcomes = 20;

interface Evidence {
  readonly emotion: string;
  readonly directive: AlertTrigger['directive'];
  /** The threshold in force. */
  readonly current: number;
  /** The alerts at or above the threshold in force that were confirmed or refuted. */
  readonly outcomes: number;
  /** Alerts that could not be used because they came without a score. */
  readonly withoutScore: number;
  /** Of the alerts at or above the threshold in force. */
  readonly before: Precision;
}

/** What is proposed for a trigger. */
export type Recommendation = Evidence &
  (
    | { readonly kind: 'too-few-outcomes'; readonly needed: number }
    /** No threshold reaches the target; `best` is the one with the highest lower bound, the lowest of equals. */
    | { readonly kind: 'unreachable'; readonly best: { readonly threshold: number; readonly lowerBound: number } }
    /** The threshold in force reaches the target. */
    | { readonly kind: 'keep' }
    | {
        readonly kind: 'raise';
        readonly threshold: number;
        /** Of the alerts that the new threshold would still raise. */
        readonly after: Precision;
        /** Alerts that it would not raise any more, open ones included. */
        readonly suppressed: number;
        /** The confirmed ones of these. */
        readonly confirmedLost: number;
      }
  );

/**
 * For each trigger the lowest threshold whose precision reaches `target` with the lower end of its exact 95 % interval.
 * No threshold below the one in force can be judged: what lies below was never raised. So thresholds stay within the
 * bounds of the platform, also that of triggers that block. A threshold raises the alerts whose score is at least that.
 * @param triggers those of a valid calibration
 * @param scores what `countScores` counted
 * @param target above 0 and below 1
 */
export function recommendThresholds(
  triggers: readonly AlertTrigger[],
  scores: ReadonlyMap<string, TriggerScores>,
  target: number = defaultTarget,
): Recommendation[] {
  return triggers.map(trigger => recommend(trigger, scores.get(triggerKey(trigger)), target));
}

function recommend(trigger: AlertTrigger, scores: TriggerScores | undefined, target: number): Recommendation {
  const { emotion, directive, threshold: current } = trigger;
  const curve = thresholdCurve(scores?.byScore ?? new Map(), current, bounds.threshold.most);
  const inForce = curve[0] ?? { threshold: current, open: 0, confirmed: 0, refuted: 0 };
  const outcomes = inForce.confirmed + inForce.refuted;
  const { open = 0, confirmed = 0, refuted = 0 } = scores?.withoutScore ?? {};
  const withoutScore = open + confirmed + refuted;
  const evidence: Evidence = { emotion, directive, current, outcomes, withoutScore, before: precisionOf(inForce) };
  if (outcomes < leastOutcomes) return { ...evidence, kind: 'too-few-outcomes', needed: leastOutcomes };
  const chosen = curve.find(point => reaches(target, point));
  if (chosen === undefined) return { ...evidence, kind: 'unreachable', best: bestOf(curve) };
  if (chosen.threshold === current) return { ...evidence, kind: 'keep' };
  return {
    ...evidence,
    kind: 'raise',
    threshold: chosen.threshold,
    after: precisionOf(chosen),
    suppressed: sizeOf(inForce) - sizeOf(chosen),
    confirmedLost: inForce.confirmed - chosen.confirmed,
  };
}

function bestOf(curve: readonly CurvePoint[]): { threshold: number; lowerBound: number } {
  let best = { threshold: 0, lowerBound: -1 };
  for (const point of curve) {
    // Below its precision: where even that is lower, the interval need not be computed.
    const most = point.confirmed / Math.max(1, point.confirmed + point.refuted);
    if (most <= best.lowerBound) continue;
    const bound = lowerBound(point);
    if (bound > best.lowerBound) best = { threshold: point.threshold, lowerBound: bound };
  }
  return best;
}

function sizeOf({ open, confirmed, refuted }: CurvePoint): number {
  return open + confirmed + refuted;
}

/** The calibration `base` with the proposed thresholds: triggers without a proposal keep theirs. */
export function withRecommendations(base: Calibration, recommendations: readonly Recommendation[]): Calibration {
  const raised = new Map(
    recommendations.flatMap(each => (each.kind === 'raise' ? [[triggerKey(each), each.threshold] as const] : [])),
  );
  return {
    ...base,
    alert_triggers: base.alert_triggers.map(each => ({
      ...each,
      threshold: raised.get(triggerKey(each)) ?? each.threshold,
    })),
  };
}
