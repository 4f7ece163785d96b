import type { Flag, IntentTuning } from './result.ts';

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
