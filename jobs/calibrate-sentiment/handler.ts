import { type Calibrated, type CalibrationLog, mayHaveEffect } from '../../src/domain/sentiment/calibration-log.ts';
import { nextStep, type Step } from '../../src/domain/sentiment/next-step.ts';
import { isCoded, type MlopsError, NotNow } from '../../src/errors.ts';
import { type Handler, handle } from '../../src/runtime/handler.ts';
import { cancel, done, snooze } from '../../src/runtime/outcome.ts';
import { causeOf, notify } from '../notify.ts';
import { auditOutcomes } from './audit.ts';
import { closeIfCancelled } from './cancellation.ts';
import type { Context, Needs, Outcome } from './context.ts';
import { failureOf } from './failure.ts';
import { follow } from './follow.ts';
import { type CalibrationPayload, calibrateSentiment, calibrationJobId } from './job.ts';
import { placeInOrder } from './place.ts';
import { readProgress, show } from './progress.ts';
import { put } from './put.ts';
import { record } from './record.ts';

/** Consecutive errors after which the job fails; they reset, because a calibration may wait for hours. */
const mostTroubles = 10;
const backoffMs = 1_000;
const longestBackoffMs = 60_000;
/** How soon the next in line looks whether it is its turn; the others look less often, by their place. */
const turnMs = 500;
const longestTurnMs = 10_000;
const longestWaitMs = 60_000;

export const handler: Handler<Needs> = handle(
  calibrateSentiment,
  async (payload, context) => {
    try {
      return await carry(payload, context);
    } catch (error) {
      // The job that follows the platform's one waits for slots of another family, which this limit must not hold up.
      if (error instanceof NotNow) throw new NotNow(error.ms, 'job');
      return await retryLater(error, context);
    }
  },
  async (payload, error, context) => {
    await noteFailure(payload, error, context);
    await notifyFailed(payload, error, context);
  },
);

/** Does the next step by the log, again and again, until the calibration has ended or waits. */
async function carry(payload: CalibrationPayload, context: Context): Promise<Outcome> {
  const { resources } = context;
  const { request } = payload;
  await retryUnknown(payload, context);
  /** Versions whose calibration job the platform no longer has. */
  const gone = new Set<number>();
  for (;;) {
    context.signal.throwIfAborted();
    await closeIfCancelled(request, resources);
    const { log, length } = await resources.calibrations.read();
    const step = nextStep(log, request, Date.now(), { isGone: version => gone.has(version) });
    const outcome = await take(step, { log, length, payload, gone }, context);
    if (outcome !== null) return outcome;
    if (readProgress(context).troubles > 0) await show(context, { troubles: 0 });
  }
}

interface Within {
  readonly log: CalibrationLog;
  readonly length: number;
  readonly payload: CalibrationPayload;
  readonly gone: Set<number>;
}

/** @returns `null` if the log determines the next step */
async function take(step: Step, within: Within, context: Context): Promise<Outcome | null> {
  const { resources } = context;
  const { log, length, payload, gone } = within;
  switch (step.kind) {
    case 'request':
      await resources.cancellations.proveWanted(calibrationJobId(payload.request));
      await placeInOrder(payload, resources);
      return null;
    case 'record': {
      await resources.calibrations.append(length, step.event);
      await auditOutcomes(step.event.version, (await resources.calibrations.read()).log, context);
      return null;
    }
    case 'wait-for-earlier':
      return await waitForEarlier(step.version, within, context);
    case 'wait-until':
      await show(context, { stage: step.why === 'busy' ? 'busy' : 'queued', ahead: undefined });
      return snooze(Math.min(longestWaitMs, Math.max(1, step.at - Date.now())));
    case 'put':
      await put(step.calibration, length, context);
      return null;
    case 'follow': {
      const followed = await follow(step, log, payload.request, context);
      if (followed.kind === 'gone') gone.add(step.version);
      return followed.kind === 'wait' ? snooze(followed.ms) : null;
    }
    case 'settled':
      await auditOutcomes(step.calibration.version, log, context);
      return settled(step.calibration);
  }
}

function settled(calibration: Calibrated): Outcome {
  const { state, version, accepted } = calibration;
  if (state === 'cancelled') return cancel(`version ${version} was cancelled before it could have an effect`);
  const failure = failureOf(calibration);
  if (failure !== null) throw failure;
  return done({ version, calibrationJobId: accepted?.jobId ?? '' });
}

/** The calibration that is first in line has a job of its own; it is started again if Redis has lost it. */
async function waitForEarlier(version: number, { log, payload }: Within, context: Context): Promise<Outcome> {
  const { queues, tenant } = context.resources;
  const first = log.calibrations[version - 1];
  const own = log.calibrations.find(each => each.request === payload.request);
  const ahead = log.open.filter(each => own !== undefined && each < own.version).length;
  await show(context, { stage: 'queued', ahead });
  if (first !== undefined) {
    const { request, by, source } = first;
    const rollbackTo = source.kind === 'rollback' ? source.version : null;
    const spec = calibrateSentiment.spec({ tenant, request, rollbackTo, by });
    if (!(await queues.isUnderWay(spec))) await queues.enqueue([spec], { restart: 'always' });
  }
  return snooze(Math.min(longestTurnMs, turnMs * Math.max(1, ahead)));
}

/** An unknown calibration is sent again only when its job is: as by `jobs retry`. */
async function retryUnknown({ request, by }: CalibrationPayload, { resources }: Context): Promise<void> {
  const { log } = await resources.calibrations.read();
  const own = log.calibrations.find(each => each.request === request);
  if (own?.state !== 'unknown') return;
  await record({ kind: 'retried', version: own.version, at: new Date().toISOString(), by }, resources);
}

/** Retryable errors snooze with exponential backoff and do not use up an attempt. */
async function retryLater(error: unknown, context: Context): Promise<Outcome> {
  if (!isCoded(error) || error.verdict === 'final' || context.signal.aborted) throw error;
  const troubles = readProgress(context).troubles + 1;
  if (troubles > mostTroubles) throw error;
  context.logger.warn({ code: error.code, troubles }, error.message);
  await show(context, { troubles });
  return snooze(Math.min(longestBackoffMs, backoffMs * 2 ** (troubles - 1)) * (0.5 + Math.random() / 2));
}

/** The job has failed for good: the calibration is given up, so that those behind it continue. */
async function noteFailure(
  { request }: CalibrationPayload,
  { code, message }: MlopsError,
  context: Context,
): Promise<void> {
  const { resources } = context;
  const { log } = await resources.calibrations.read();
  const own = log.calibrations.find(each => each.request === request);
  if (own === undefined || !log.open.includes(own.version)) return;
  const kind = own.state === 'accepted' ? 'untracked' : mayHaveEffect(own) ? 'unknown' : 'failed';
  const at = new Date().toISOString();
  await record({ kind, version: own.version, at, reason: { code, message } }, resources);
  await auditOutcomes(own.version, (await resources.calibrations.read()).log, context);
}

async function notifyFailed({ request }: CalibrationPayload, error: MlopsError, { resources }: Context): Promise<void> {
  const { log } = await resources.calibrations.read();
  const own = log.calibrations.find(each => each.request === request);
  const subject = { request, ...(own === undefined ? {} : { version: own.version }) };
  const id = `calibration-failed.${request}.${own?.timesSent ?? 0}`;
  await notify({ id, type: 'calibration.failed', subject, ...causeOf(error) }, resources);
}
