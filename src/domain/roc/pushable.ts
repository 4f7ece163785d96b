import { median } from 'mathjs/number';
import type { Flag, IntentTuning } from './result.ts';
import { roundTo3 } from './rounding.ts';

/** Flags of thresholds that are reported and never pushed. The others say what a threshold that is pushed does not keep. */
const unpushable: ReadonlySet<Flag> = new Set<Flag>([
  'one-class',
  'no-candidate',
  'too-few-positives',
  'too-few-negatives',
  'threshold-out-of-range',
]);

/** Whether the platform may be given this intent's threshold. */
export function isPushable({ flags, threshold }: Pick<IntentTuning, 'flags' | 'threshold'>): boolean {
  return threshold !== null && !flags.some(flag => unpushable.has(flag));
}

/** The median of the thresholds that may be pushed, as they are rounded; 3 decimals. `null` where none may. */
export function globalThreshold(tunings: readonly Pick<IntentTuning, 'flags' | 'threshold'>[]): number | null {
  const thresholds = tunings.flatMap(tuning =>
    tuning.threshold !== null && isPushable(tuning) ? [tuning.threshold] : [],
  );
  return thresholds.length === 0 ? null : roundTo3(Number(median(thresholds)));
}
