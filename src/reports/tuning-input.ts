import type { Difference } from '../domain/push/difference.ts';
import type { IntentTuning, TuningParameters } from '../domain/roc/result.ts';

/** An intent's tuning and the name that the tenant gives it. */
export type TunedIntent = IntentTuning & { readonly name: string };

/** What a report of a tuning shows. */
export interface TuningReport {
  /** The export's file name, or what else the tuning is known by. */
  readonly title: string;
  readonly tenant: string;
  /** When it was computed: an ISO instant. */
  readonly at: string;
  /** Rows of the export. */
  readonly rows: number;
  readonly parameters: TuningParameters;
  /** The median of the thresholds to push; `null` if none is pushable. */
  readonly globalThreshold: number | null;
  readonly intents: readonly TunedIntent[];
  /** Ids of the export that are not intents of the tenant. */
  readonly skipped: readonly string[];
  /** What a push would change of what was pushed last; `null` where there is nothing to push, or it was not compared. */
  readonly difference: Difference | null;
}
