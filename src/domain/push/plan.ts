import { isPushable } from '../roc/pushable.ts';
import { flags, type IntentTuning } from '../roc/result.ts';
import type { Tuning } from '../roc/tuning.ts';
import type { TenantIntent, Thresholds } from './thresholds.ts';

/**
 * What a push of a tuning would set: the new threshold of each intent that may be pushed; of any other intent of the
 * tenant the one that was pushed last, unchanged. An intent that the tenant no longer has is left out.
 * @returns `null` where no intent may be pushed
 */
export function planPush(
  { globalThreshold: global, intents: tunings }: Pick<Tuning, 'globalThreshold' | 'intents'>,
  tenantIntents: readonly TenantIntent[],
  live: Thresholds | null,
): Thresholds | null {
  if (global === null) return null;
  const tuned = new Map(tunings.map(tuning => [tuning.intentId, tuning]));
  const before = new Map(live?.intents.map(({ intentId, threshold }) => [intentId, threshold]));
  const intents = tenantIntents.flatMap(({ id: intentId, name }) => {
    const tuning = tuned.get(intentId);
    if (tuning?.threshold != null && isPushable(tuning)) return [{ intentId, name, threshold: tuning.threshold }];
    const threshold = before.get(intentId);
    return threshold === undefined ? [] : [{ intentId, name, threshold, carried: whyCarried(tuning) }];
  });
  return { global, intents };
}

function whyCarried(tuning: IntentTuning | undefined): string {
  return tuning === undefined ? 'it has no samples in the export' : tuning.flags.map(flag => flags[flag]).join('; ');
}
