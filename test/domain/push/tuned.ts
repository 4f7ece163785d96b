import type { IntentTuning } from '../../../src/domain/roc/result.ts';

/** A tuning of an intent as it matters to a push: its threshold and its flags. */
export function tuned(intentId: string, threshold: number | null, ...flags: IntentTuning['flags']): IntentTuning {
  return {
    intentId,
    threshold,
    flags,
    warnings: [],
    jScore: 1,
    rocAuc: 1,
    sampleCount: 20,
    positives: 10,
    negatives: 10,
    raw: { threshold, jScore: 1, rocAuc: 1 },
    point: null,
    rounded: null,
    thresholdInterval: null,
    curve: { fpr: [], tpr: [] },
    histogram: { positives: [], negatives: [] },
  };
}

/** Intents of a tenant, their names in capitals. */
export function intentsOf(...ids: readonly string[]): { id: string; name: string }[] {
  return ids.map(id => ({ id, name: id.toUpperCase() }));
}
