import { type Alert, type Closing, stateOfAlert } from './alert.ts';
import type { Counts } from './alert-counts.ts';
import { triggerKey } from './calibration.ts';

/** What of an alert is counted by score. */
export interface ScoredAlert extends Pick<Alert, 'emotion' | 'directive' | 'score'> {
  readonly closed: Pick<Closing, 'outcome'> | null;
}

/** The alerts of one trigger. */
export interface TriggerScores {
  /** By score; those of equal score together, in no particular order. */
  readonly byScore: ReadonlyMap<number, Counts>;
  /** Alerts that came without a score: no threshold can be related to them. */
  readonly withoutScore: Counts;
}

interface MutableScores {
  readonly byScore: Map<number, Record<keyof Counts, number>>;
  readonly withoutScore: Record<keyof Counts, number>;
}

const none = () => ({ open: 0, confirmed: 0, refuted: 0 });

/** Counts the alerts of each trigger by score. The keys are those of `triggerKey`. */
export function countScores(alerts: Iterable<ScoredAlert>): Map<string, TriggerScores> {
  const triggers = new Map<string, MutableScores>();
  for (const alert of alerts) {
    const key = triggerKey(alert);
    const trigger = triggers.get(key) ?? { byScore: new Map(), withoutScore: none() };
    triggers.set(key, trigger);
    const counts = alert.score === null ? trigger.withoutScore : (trigger.byScore.get(alert.score) ?? none());
    if (alert.score !== null) trigger.byScore.set(alert.score, counts);
    counts[stateOfAlert(alert)] += 1;
  }
  return triggers;
}
