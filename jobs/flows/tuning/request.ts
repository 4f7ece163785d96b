import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Difference, difference, differenceTo } from '../../../src/domain/push/difference.ts';
import { planPush } from '../../../src/domain/push/plan.ts';
import { livePush, type Push } from '../../../src/domain/push/push.ts';
import { type TuningParameters, tuningParameters } from '../../../src/domain/roc/result.ts';
import { type Tuning, tuning } from '../../../src/domain/roc/tuning.ts';
import type { JobSpec } from '../../../src/runtime/job-spec.ts';
import { computeRoc, type PushTerms, pushTerms, tuningJobId } from '../../compute-roc/job.ts';
import { pushConfig } from '../../push-config/job.ts';
import type { FlowResources } from '../flow.ts';

/** The parameters of a tuning request: an upload, and the terms of its push, `null` without one. */
export const tuningRequest = z.strictObject({
  csv: z.uuid(),
  ...tuningParameters.shape,
  push: pushTerms.nullable(),
});

/** A tuning request: for an uploaded export, with the terms of its push, if any. */
export interface TuningRequest {
  readonly tenant: string;
  /** Names the tuning. */
  readonly tuning: string;
  /** The upload's reference. */
  readonly csv: string;
  readonly parameters: TuningParameters;
  readonly push: PushTerms | null;
  /** The requester: a person or a key. */
  readonly by: string;
}

/** The job that computes it. */
export function tuningSpec(request: TuningRequest): JobSpec {
  return computeRoc.spec({ ...request });
}

/** The job that pushes it; the job that computes it emits this one. */
export function pushSpec(
  { tenant, by }: Pick<TuningRequest, 'tenant' | 'by'>,
  name: string,
  terms: PushTerms,
): JobSpec {
  return pushConfig.spec({ kind: 'tuning', tenant, tuning: name, ...terms, by });
}

/** The job that pushes the thresholds of an earlier version again, as a new one. */
export function rollbackSpec(tenant: string, version: number, by: string, request: string = randomUUID()): JobSpec {
  return pushConfig.spec({ kind: 'rollback', tenant, request, version, by });
}

/** The result of a tuning: what `tune --json` prints. */
export const tuningResultShape = z.object({
  id: z.string(),
  queue: z.string(),
  globalThreshold: tuning.shape.globalThreshold.describe('The median of the thresholds that may be pushed'),
  intents: z.array(
    tuning.shape.intents.element.pick({
      intentId: true,
      name: true,
      threshold: true,
      jScore: true,
      rocAuc: true,
      sampleCount: true,
      flags: true,
      warnings: true,
    }),
  ),
  skipped: tuning.shape.skipped.describe('Ids of the export that are not intents of the tenant'),
  version: z.number().int().optional().describe('The version that the push created'),
  difference: difference.nullable().describe('What a push changes, or would change, in the thresholds in force'),
});
export type TuningResult = z.infer<typeof tuningResultShape>;

/** @param pushes the pushes to compare with @param version that its push created, `null` without one */
export function tuningResult(result: Tuning, pushes: readonly Push[], version: number | null): TuningResult {
  return {
    id: tuningJobId(result.tuning),
    queue: computeRoc.name,
    globalThreshold: result.globalThreshold,
    intents: result.intents.map(({ intentId, name, threshold, jScore, rocAuc, sampleCount, flags, warnings }) => ({
      intentId,
      name,
      threshold,
      jScore,
      rocAuc,
      sampleCount,
      flags,
      warnings,
    })),
    skipped: result.skipped,
    ...(version === null ? {} : { version }),
    difference: tuningDifference(result, pushes),
  };
}

/** What a push of `result` would change in the thresholds in force; `null` if there is nothing to push. */
export function tuningDifference(result: Tuning, pushes: readonly Push[]): Difference | null {
  const live = livePush(pushes);
  const planned = planPush(result, result.tenantIntents, live?.thresholds ?? null);
  return planned === null ? null : differenceTo(live, planned);
}

/** The pushes to compare a tuning with: all, or those before its own. */
export function pushesBefore(pushes: readonly Push[], name: string): readonly Push[] {
  const own = pushes.findIndex(({ source }) => source.kind === 'tuning' && source.tuning === name);
  return own < 0 ? pushes : pushes.slice(0, own);
}

/** The version that the push of the job `id` created; `null` until the platform has accepted it. */
export async function appliedVersion({ pushes }: Pick<FlowResources, 'pushes'>, id: string): Promise<number | null> {
  const push = (await pushes.read()).pushes.find(each => each.request === id);
  return push?.state === 'applied' ? push.version : null;
}
