import { isSettled, type RequestState } from '../../src/domain/skill-training/request-state.ts';
import { isCoded, MlopsError, NotNow } from '../../src/errors.ts';
import { type Handler, handle } from '../../src/runtime/handler.ts';
import { cancel, done, snooze } from '../../src/runtime/outcome.ts';
import { closeIfCancelled } from '../../src/store/trainings/close-cancelled.ts';
import { causeOf, notify } from '../notify.ts';
import type { Context, Needs, Outcome } from './context.ts';
import { trainingNotFound } from './errors.ts';
import { evaluateModel } from './evaluate-model.ts';
import { exportModel } from './export-model.ts';
import { pollTraining, type RecoveryPayload, type TrainPayload, trainingJobId } from './job.ts';
import { poll } from './poll.ts';
import { readProgress, show } from './progress.ts';
import { recover } from './recovery.ts';
import { registerModel } from './register-model.ts';
import { failureOf } from './request-failure.ts';
import { auditSubmission, isOwnClaim, submit } from './submit.ts';
import { validate } from './validate.ts';

type Payload = TrainPayload | RecoveryPayload;

/** Consecutive errors after which the job fails; they reset, because polling a training takes hours. */
const mostTroubles = 10;
const backoffMs = 1_000;
/** The longest time that a submission can be in progress. */
const onItsWayMs = 90_000;
const longestBackoffMs = 60_000;

export const handler: Handler<Needs> = handle(
  pollTraining,
  async (payload, context) => {
    try {
      return await carry(payload, context);
    } catch (error) {
      // Other jobs wait for slots of other families: this family's limit must not hold them up.
      if (error instanceof NotNow) throw new NotNow(error.ms, 'job');
      return await retryLater(error, context);
    }
  },
  async (payload, error, { resources }) => {
    // A request that was never sent stays as it is: its job can be retried once the cause is fixed.
    await notifyFailed(payload, error, resources);
  },
);

/** One id per failure of the request, whichever job reports it: the log is longer when it fails again. */
async function notifyFailed({ request }: Payload, error: MlopsError, resources: Needs): Promise<void> {
  const { state, length } = await resources.trainings.read(request);
  const subject = {
    request,
    ...(state === null ? {} : { skillId: state.opening.skillId }),
    ...(state !== null && 'jobId' in state && state.jobId !== null ? { jobId: state.jobId } : {}),
  };
  const id = `training-failed.${request}.${length}`;
  await notify({ id, type: 'training.failed', subject, ...causeOf(error) }, resources);
}

/** Does the next step by the request's log, again and again, until the request has ended or waits. */
async function carry(payload: Payload, context: Context): Promise<Outcome> {
  const { resources } = context;
  const { request } = payload;
  if (payload.kind === 'recovery') await recover(payload, context);
  for (;;) {
    context.signal.throwIfAborted();
    const { state, length } = await closeIfCancelled(request, trainingJobId(request), resources);
    if (state === null) {
      if (payload.kind === 'recovery')
        throw new MlopsError(trainingNotFound, `training request ${request} was not found`);
      await resources.cancellations.proveWanted(trainingJobId(request));
      await validate(payload, context);
      continue;
    }
    const outcome = await step(state, length, payload, context);
    if (outcome !== null) return outcome;
    if (readProgress(context).troubles > 0) await show(context, { troubles: 0 });
  }
}

/** @returns `null` if the log determines the next step */
async function step(state: RequestState, length: number, payload: Payload, context: Context): Promise<Outcome | null> {
  const { trainings, cancellations } = context.resources;
  const { request } = payload;
  if (state.name === 'evaluated' || isSettled(state)) await auditSubmission(state, context);
  switch (state.name) {
    case 'validated':
      return await submit(state, length, context);
    case 'submitting': {
      // Another job of the request may be submitting it.
      if (!isOwnClaim(state.claim, context) && Date.now() - Date.parse(state.since) < onItsWayMs) return snooze(1_000);
      const reason = { code: 'WORKER_LOST', message: 'its worker ended before the answer came' };
      await trainings.append(request, length, { kind: 'submission-unknown', at: now(), reason });
      return null;
    }
    case 'polling': {
      const polled = await poll(state, payload.maxPolls, context);
      if (polled.kind === 'wait') return snooze(polled.waitMs);
      if (polled.kind === 'over') await trainings.append(request, length, polled.event);
      else await evaluateModel(state, length, polled.units, context);
      return null;
    }
    case 'evaluated':
      await exportModel(state, length, context);
      return null;
    case 'exported':
      await registerModel(state, length, context);
      return null;
    case 'audited':
      return done({ request, jobId: state.jobId, model: state.registryEntry, ...state.evaluated.metrics });
    case 'cancelled':
      // Cancelled by the requester, so not a failure. The platform may also have cancelled it.
      if (await cancellations.isCancelled(trainingJobId(request))) return cancel(`it was cancelled by ${state.by}`);
      throw failureOf(state);
    case 'submission-unknown':
    case 'submission-refused':
    case 'failed':
    case 'timed-out':
      throw failureOf(state);
  }
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

const now = () => new Date().toISOString();
