import { median } from 'mathjs/number';
import { isPushable } from './pushable.ts';
import type { IntentTuning } from './result.ts';
import { roundTo3 } from './rounding.ts';

/** The median of the thresholds that may be pushed, as they are rounded; 3 decimals. `null` where none may. */
export function globalThreshold(tunings: readonly Pick<IntentTuning, 'flags' | 'threshold'>[]): number | null {
  const thresholds = tunings.flatMap(tuning =>
    tuning.threshold !== null && isPushable(tuning) ? [tuning.threshold] : [],
  );
  return thresholds.length === 0 ? null : roundTo3(Number(median(thresholds)));
}
