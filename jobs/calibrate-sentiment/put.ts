import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { canonicalBody } from '../../src/domain/sentiment/calibration-body.ts';
import type { CalibrationEvent, CalibrationReason } from '../../src/domain/sentiment/calibration-event.ts';
import { endOf } from '../../src/domain/sentiment/calibration-job.ts';
import { type Calibrated, mayBeCancelled } from '../../src/domain/sentiment/calibration-log.ts';
import { failedInteractions, failureSentence } from '../../src/domain/sentiment/verification.ts';
import { isCoded, NotNow } from '../../src/errors.ts';
import { idempotencyHeader, putCalibration } from '../../src/platform/endpoints.ts';
import { auditIntent, auditOutcomes, idempotencyKey } from './audit.ts';
import type { Context } from './context.ts';
import { calibrationFailed } from './errors.ts';
import { reasonFor } from './follow.ts';
import { calibrationJobId } from './job.ts';
import { show } from './progress.ts';
import { record } from './record.ts';

/** Another writer was first, or the request was cancelled: the log now decides. */
class Overtaken extends Error {}

/**
 * The longest time from the slot to the request. Slots are spaced for slightly less than the limit: a request that leaves
 * later than this could be the eleventh within a minute.
 */
const lateMs = 500;

/**
 * Sends `calibration`, the first of the line, and records the platform's verdict. `sending` is appended to the log as the
 * last step before the PUT leaves: if the log is longer than `length` by then, nothing is sent.
 * @throws NotNow, and retryable errors: the calibration is sent again later, with the same key
 */
export async function put(calibration: Calibrated, length: number, context: Context): Promise<void> {
  const { calibrations, cxone, cancellations } = context.resources;
  const { version, request } = calibration;
  if (await isRefusedByVerification(calibration, context)) return;
  await show(context, { stage: 'sending', ahead: undefined, jobId: undefined });
  await auditIntent(calibration, context);

  const claim = randomUUID();
  let claimed: number | null = null;
  let sentAt = 0;
  const isOurs = (log: { readonly calibrations: readonly Calibrated[] }) => {
    const now = log.calibrations[version - 1];
    return now?.state === 'sending' && now.claim === claim;
  };
  const ended = (reason: CalibrationReason) =>
    record({ kind: 'not-accepted', version, at: now(), reason }, { calibrations }, isOurs);

  const beforeSend = async (): Promise<void> => {
    const began = performance.now();
    if (mayBeCancelled(calibration) && (await cancellations.isCancelled(calibrationJobId(request))))
      throw new Overtaken();
    // The token had become invalid: the platform did not read the body.
    if (claimed !== null && (await ended({ code: 'CREDENTIALS_REFUSED', message: 'answered 401' }))) claimed += 1;
    const entry = await calibrations.append(claimed ?? length, { kind: 'sending', version, at: now(), claim });
    if (entry === null) throw new Overtaken();
    claimed = entry.number;
    if (performance.now() - began > lateMs) {
      await ended({ code: 'NOT_SENT', message: 'its slot had passed before it could be sent' });
      throw new Overtaken();
    }
    sentAt = performance.now();
  };

  try {
    const { answer } = await cxone.ask(
      putCalibration,
      {
        body: z.json().parse(JSON.parse(canonicalBody(calibration.body))),
        headers: { [idempotencyHeader]: idempotencyKey(calibration) },
        beforeSend,
      },
      context.signal,
    );
    const latencyMs = Math.max(0, Math.round(performance.now() - sentAt));
    await record({ kind: 'accepted', version, at: now(), jobId: answer.jobId, latencyMs }, { calibrations });
    context.logger.info({ version, jobId: answer.jobId }, 'calibration accepted');
    await noteEnd(calibration, answer.status, context);
  } catch (error) {
    if (error instanceof Overtaken) return;
    // Nothing was sent before the claim.
    if (claimed === null) throw error;
    const { event, isHandled } = verdictOf(calibration, error);
    await record(event, { calibrations }, isOurs);
    if (!isHandled) throw error;
  }
}

/** A calibration without a reweight usually ends with its answer. */
async function noteEnd(
  { version, interactions }: Calibrated,
  status: string | undefined,
  context: Context,
): Promise<void> {
  const { resources } = context;
  const end = endOf(status);
  if (end === 'completed') await record({ kind: 'completed', version, at: now() }, resources);
  if (end === 'failed') {
    const message = await reasonFor(undefined, interactions, context);
    await record({ kind: 'failed', version, at: now(), reason: { code: calibrationFailed.code, message } }, resources);
  }
}

/** What an error of a PUT that left means for the calibration. `isHandled`: the log determines the next step. */
function verdictOf(
  { version, isInDoubt, state }: Calibrated,
  error: unknown,
): { readonly event: CalibrationEvent; readonly isHandled: boolean } {
  const at = now();
  if (error instanceof NotNow) {
    const reason = { code: 'NOT_NOW', message: 'the platform answered 429' };
    return { event: { kind: 'not-accepted', version, at, reason }, isHandled: false };
  }
  const reason = isCoded(error)
    ? { code: error.code, message: error.message }
    : { code: 'INTERNAL', message: 'the worker failed while the calibration was sent' };
  if (isCoded(error) && error.status === 503) return { event: { kind: 'busy', version, at }, isHandled: true };
  if (isCoded(error, 'PLATFORM_UNREACHABLE'))
    return { event: { kind: 'not-accepted', version, at, reason }, isHandled: false };
  if (isCoded(error, 'PLATFORM_REFUSED', 'PLATFORM_NOT_FOUND'))
    return { event: { kind: 'failed', version, at, reason }, isHandled: true };
  if (isCoded(error, 'CREDENTIALS_REFUSED', 'SCOPE_MISSING')) {
    // An earlier PUT, whose answer was lost, may have been accepted.
    const wasSentBefore = isInDoubt || state === 'sending';
    return { event: { kind: wasSentBefore ? 'unknown' : 'failed', version, at, reason }, isHandled: true };
  }
  if (isCoded(error, 'PLATFORM_WRONG_SHAPE'))
    return { event: { kind: 'unknown', version, at, reason }, isHandled: true };
  return { event: { kind: 'unanswered', version, at, reason }, isHandled: false };
}

/** Verified when it was requested; the log and the store may have been changed since. */
async function isRefusedByVerification(calibration: Calibrated, context: Context): Promise<boolean> {
  const { version, interactions, timesSent } = calibration;
  const { calibrations } = context.resources;
  const input = interactions === null || timesSent > 0 ? null : await calibrations.input(interactions);
  const failed = input === null ? [] : failedInteractions(input.calibration.interactions, input.rules);
  if (failed.length === 0) return false;
  const reason = { code: 'UNVERIFIED', message: failed.map(failureSentence).join('; ').slice(0, 1_000) };
  await record({ kind: 'failed', version, at: now(), reason }, { calibrations });
  await auditOutcomes(version, (await calibrations.read()).log, context);
  return true;
}

const now = () => new Date().toISOString();
