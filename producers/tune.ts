import { randomUUID } from 'node:crypto';
import { computeRoc, type PushTerms } from '../jobs/compute-roc/job.ts';
import { pushConfig } from '../jobs/push-config/job.ts';
import { type Difference, differenceTo } from '../src/domain/push/difference.ts';
import { planPush } from '../src/domain/push/plan.ts';
import { livePush, type Push } from '../src/domain/push/push.ts';
import type { TuningParameters } from '../src/domain/roc/result.ts';
import type { Tuning } from '../src/domain/roc/tuning.ts';
import type { Order } from '../src/runtime/job.ts';
import type { Stored } from './house.ts';

/** A tuning asked for: of an uploaded export, and pushed on these terms or not at all. */
export interface TuningRequest {
  readonly tenant: string;
  /** Names the tuning. */
  readonly tuning: string;
  /** The upload's reference. */
  readonly csv: string;
  readonly parameters: TuningParameters;
  readonly push: PushTerms | null;
  /** Who asks: a person or a key. */
  readonly by: string;
}

/** The job that computes it. */
export function tuningOrder(request: TuningRequest): Order {
  return computeRoc.order({ ...request });
}

/** The job that pushes it, which the one that computes it emits by itself. */
export function pushOrder(
  { tenant, by }: Pick<TuningRequest, 'tenant' | 'by'>,
  tuning: string,
  terms: PushTerms,
): Order {
  return pushConfig.order({ kind: 'tuning', tenant, tuning, ...terms, by });
}

/** The job that pushes the thresholds of an earlier version again, as a new one. */
export function rollbackOrder(tenant: string, version: number, by: string, request: string = randomUUID()): Order {
  return pushConfig.order({ kind: 'rollback', tenant, request, version, by });
}

/** What a tuning comes to for whoever asked for it. */
export function tuningSummary({ globalThreshold, intents, skipped }: Tuning, version: number | null) {
  return {
    globalThreshold,
    intents: intents.map(({ intentId, name, threshold, jScore, rocAuc, sampleCount, flags, warnings }) => ({
      ...{ intentId, name, threshold, jScore, rocAuc, sampleCount, flags, warnings },
    })),
    skipped,
    ...(version === null ? {} : { version }),
  };
}

/** What a push of `tuning` would change of what is in force; `null` where there is nothing to push. */
export function tuningDifference(tuning: Tuning, pushes: readonly Push[]): Difference | null {
  const live = livePush(pushes);
  const planned = planPush(tuning.intents, tuning.tenantIntents, live?.thresholds ?? null);
  return planned === null ? null : differenceTo(live, planned);
}

/** The version that the push of the job `id` is in force as, or was; `null` while the platform has not taken it. */
export async function appliedVersion({ pushes }: Pick<Stored, 'pushes'>, id: string): Promise<number | null> {
  const push = (await pushes.read()).pushes.find(each => each.request === id);
  return push?.state === 'applied' ? push.version : null;
}
