import { differenceTo, movesBeyond } from '../../src/domain/push/difference.ts';
import { planPush } from '../../src/domain/push/plan.ts';
import { livePush, type Push, type PushEvent } from '../../src/domain/push/push.ts';
import type { Thresholds } from '../../src/domain/push/thresholds.ts';
import { MlopsError } from '../../src/errors.ts';
import { listTenantIntents } from '../compute-roc/list-intents.ts';
import type { Resources } from '../resources.ts';
import { bodySha256, provenThresholds } from './body.ts';
import type { Context } from './context.ts';
import { changeTooLarge, nothingToPush, versionNotFound } from './errors.ts';
import type { PushPayload } from './job.ts';

/** How many of the thresholds that would change too much the error names. */
const namedMoves = 5;

/**
 * The next version: the thresholds of `payload`, merged with those in force.
 * @throws MlopsError NOTHING_TO_PUSH, CHANGE_TOO_LARGE, VERSION_NOT_FOUND, PUSH_LOG_DAMAGED
 */
export async function planVersion(
  payload: PushPayload,
  request: string,
  pushes: readonly Push[],
  context: Context,
): Promise<PushEvent> {
  const made =
    payload.kind === 'tuning'
      ? await tunedThresholds(payload, livePush(pushes), context.resources)
      : await earlierThresholds(payload, pushes, context);
  return {
    kind: 'pending',
    version: (pushes.at(-1)?.version ?? 0) + 1,
    at: new Date().toISOString(),
    request,
    by: payload.by,
    source:
      payload.kind === 'tuning'
        ? { kind: 'tuning', tuning: payload.tuning }
        : { kind: 'rollback', version: payload.version },
    thresholds: made,
    sha256: bodySha256(made),
  };
}

async function tunedThresholds(
  { tuning, maxChange }: Extract<PushPayload, { kind: 'tuning' }>,
  live: Push | null,
  { tunings }: Pick<Resources, 'tunings'>,
): Promise<Thresholds> {
  const result = await tunings.result(tuning);
  if (result === null) throw new MlopsError('ARTIFACT_MISSING', `the tuning ${tuning} has no result: request it again`);
  const planned = planPush(result, result.tenantIntents, live?.thresholds ?? null);
  if (planned === null)
    throw new MlopsError(
      nothingToPush,
      `no intent of ${result.csv.name} may be pushed: ${result.intents.length} are flagged, ${result.skipped.length} are unknown to the tenant. The report gives the reason for each: fix the export`,
    );
  if (maxChange !== null) refuseLargeChange(live, planned, maxChange);
  return planned;
}

function refuseLargeChange(live: Push | null, planned: Thresholds, maxChange: number): void {
  const moves = movesBeyond(maxChange, differenceTo(live, planned));
  if (moves.length === 0) return;
  const named = moves.slice(0, namedMoves).map(({ what, before, after }) => `${what} ${before} → ${after}`);
  const more = moves.length > namedMoves ? ` and ${moves.length - namedMoves} more` : '';
  throw new MlopsError(
    changeTooLarge,
    `${moves.length} thresholds would move by more than ${maxChange}: ${named.join(', ')}${more}. Review the report; if the change is intended, allow a larger one or push with force`,
  );
}

/** Leaves out archived intents: the platform rejects a whole push for one of them. */
async function earlierThresholds(
  { request, version }: Extract<PushPayload, { kind: 'rollback' }>,
  pushes: readonly Push[],
  context: Context,
): Promise<Thresholds> {
  const { global, intents } = thresholdsOf(version, pushes);
  const expected = intents.map(({ intentId }) => intentId);
  const active = new Set((await listTenantIntents(request, expected, context, { isTrial: false })).map(({ id }) => id));
  return { global, intents: intents.filter(({ intentId }) => active.has(intentId)) };
}

function thresholdsOf(version: number, pushes: readonly Push[]): Thresholds {
  const push = pushes.find(each => each.version === version);
  if (push?.state === 'applied') return provenThresholds(push);
  throw new MlopsError(
    versionNotFound,
    push === undefined
      ? `version ${version} not found; run \`config history\` to list the versions`
      : `version ${version} was never in force (${push.state}): only an applied version can be rolled back to`,
  );
}
