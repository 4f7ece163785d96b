import type { PrecisionReport } from '../domain/sentiment/precision.ts';
import type { TriggerScores } from '../domain/sentiment/score-counts.ts';

/** What a report of the precision of alerts shows. */
export interface PrecisionFigures {
  readonly tenant: string;
  /** When it was computed: an ISO instant. */
  readonly at: string;
  readonly precision: PrecisionReport;
  /** The alerts of each trigger by score; the keys are those of `triggerKey`. */
  readonly scores: ReadonlyMap<string, TriggerScores>;
  /** The threshold in force of each trigger, by the same key; a trigger without one is not in the last calibration. */
  readonly thresholds: ReadonlyMap<string, number>;
}
