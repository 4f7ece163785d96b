import { randomUUID } from 'node:crypto';
import type { Reason, RequestEvent } from '../../src/domain/skill-training/request-event.ts';
import type { RequestState } from '../../src/domain/skill-training/request-state.ts';
import { submissionRetryMs } from '../../src/domain/skill-training/waits.ts';
import { withoutTexts } from '../../src/domain/skill-training/without-texts.ts';
import { isCoded, NotNow } from '../../src/errors.ts';
import { submitTraining } from '../../src/platform/endpoints.ts';
import { snooze } from '../../src/runtime/outcome.ts';
import type { Context, Outcome } from './context.ts';
import { trainingJobId } from './job.ts';

/** Rejected submissions after which a request fails: ten minutes of a busy platform. */
const mostSubmissions = 20;
/** The platform's own limit, which gives the wait each time, any number of times. */
const notNow = 'NOT_NOW';
/** Statuses that mean: not accepted. */
const notAccepted: readonly number[] = [500, 503];
/** The reason for a submission that was not accepted because its token had become invalid. */
const tokenRefused = 'CREDENTIALS_REFUSED';

/** Another writer was first, or the request was cancelled: the log now decides. */
class Overtaken extends Error {}

type Validated = Extract<RequestState, { name: 'validated' }>;
type Within = Pick<Context, 'resources'>;

/**
 * Submits a request. The entry `submitting` is appended to the log as the last step before the POST is sent; a submission
 * with an unknown outcome is never repeated automatically.
 * @returns how long to wait, or `null` if the log determines the next step
 */
export async function submit(state: Validated, length: number, context: Context): Promise<Outcome | null> {
  const { trainings, cxone, cancellations } = context.resources;
  const { request, payload } = state.opening;
  await auditSubmission(state, context);
  const isBusy = state.refusedBefore !== null && state.refusedBefore.code !== notNow;
  if (isBusy && state.attempts >= mostSubmissions) {
    await trainings.append(request, length, { kind: 'submission-refused', at: now(), reason: state.refusedBefore });
    return null;
  }
  const body = await trainings.readPayload(payload);
  const texts = body.trainingData.utterances.map(({ text }) => text);
  await auditIntent(state, context);

  let isClaimed = false;
  const claim = async (): Promise<void> => {
    if (await cancellations.isCancelled(trainingJobId(request))) throw new Overtaken();
    const claimed = await trainings.append(request, length, { kind: 'submitting', at: now(), claim: claimOf(context) });
    if (claimed === null) throw new Overtaken();
    isClaimed = true;
  };
  let waiting: NotNow | null = null;
  const event = await cxone.ask(submitTraining, { body, beforeSend: claim, once: true }, context.signal).then(
    ({ answer }): RequestEvent => ({ kind: 'submitted', at: now(), jobId: answer.jobId }),
    (error: unknown): RequestEvent | null => {
      if (error instanceof Overtaken) return null;
      // Nothing was sent before the claim.
      if (!isClaimed) throw error;
      if (error instanceof NotNow) waiting = error;
      return verdictOf(error, state.refusedBefore, texts);
    },
  );
  if (event === null) return null;
  // Logged first: if the store fails now, the job's id is not lost.
  if (event.kind === 'submitted') context.logger.info({ request, jobId: event.jobId }, 'submitted');
  await note(event, length + 1, request, context);
  const { state: after } = await trainings.read(request);
  if (after !== null) await auditSubmission(after, context);
  if (waiting !== null) throw waiting;
  return event.kind === 'not-accepted' && event.reason.code !== tokenRefused ? snooze(submissionRetryMs) : null;
}

/** The owner of a submission: a job and its attempt. */
function claimOf({ jobId }: Pick<Context, 'jobId'>): string {
  return `${jobId}/${randomUUID()}`;
}

/** Whether a submission in progress can only be from an ended attempt of this job. */
export function isOwnClaim(claim: string, { jobId }: Pick<Context, 'jobId'>): boolean {
  return claim.startsWith(`${jobId}/`);
}

/** A late answer is still valid: it replaces the entry that recorded it as lost. */
async function note(event: RequestEvent, after: number, request: string, { resources }: Within): Promise<void> {
  if ((await resources.trainings.append(request, after, event)) !== null) return;
  const { state, length } = await resources.trainings.read(request);
  if (event.kind === 'submitted' && state?.name === 'submission-unknown')
    await resources.trainings.append(request, length, {
      kind: 'attached',
      at: now(),
      jobId: event.jobId,
      by: 'its answer, which came late',
    });
}

/** The event for an error of a sent submission; `texts`, which the error may quote, are left out. */
function verdictOf(error: unknown, refusedBefore: Reason | null, texts: readonly string[]): RequestEvent {
  const at = now();
  if (error instanceof NotNow)
    return {
      kind: 'not-accepted',
      at,
      reason: { code: notNow, message: 'the platform answered 429, or 503 with a wait' },
    };
  const reason = isCoded(error)
    ? { code: error.code, message: withoutTexts(error.message, texts) }
    : { code: 'INTERNAL', message: 'the worker failed during the submission' };
  // A token may have become invalid; if a fresh one is refused too, the credentials are wrong.
  if (isCoded(error, tokenRefused) && refusedBefore?.code !== tokenRefused) return { kind: 'not-accepted', at, reason };
  if (isCoded(error, tokenRefused, 'SCOPE_MISSING', 'PLATFORM_REFUSED', 'PLATFORM_NOT_FOUND', 'PLATFORM_UNTRUSTED'))
    return { kind: 'submission-refused', at, reason };
  const isNotAccepted =
    isCoded(error, 'PLATFORM_UNREACHABLE') ||
    (isCoded(error) && error.status !== undefined && notAccepted.includes(error.status));
  return isNotAccepted ? { kind: 'not-accepted', at, reason } : { kind: 'submission-unknown', at, reason };
}

/** The `attempt`-th submission of a request, for the audit log. */
function changeOf({ request, by }: RequestState['opening'], attempt: number) {
  return { id: `training-submit-${request}-${attempt}`, what: 'training.submit', by };
}

/** Written to the audit log before anything is submitted. */
async function auditIntent({ opening, attempts }: RequestState, { resources }: Within): Promise<void> {
  const { request, skillId, data } = opening;
  await resources.audit.intent({
    ...changeOf(opening, attempts + 1),
    details: { request, skillId, utterances: data.utterances, fingerprint: data.fingerprint },
  });
}

/**
 * Records the outcome of the latest submission in the audit log, once. Called wherever the outcome is known, because a
 * killed worker may not have recorded it.
 */
export async function auditSubmission(state: RequestState, { resources }: Within): Promise<void> {
  if (state.name === 'cancelled' && state.jobId === null) return await auditWithdrawal(state, { resources });
  const { request, skillId } = state.opening;
  const became = outcomeOf(state);
  if (became === null || state.attempts === 0) return;
  const change = changeOf(state.opening, state.attempts);
  await resources.audit.outcome({ ...change, details: { request, skillId, ...became } });
}

/** The next submission: even if it had no slot yet, its intent is already in the audit log. */
async function auditWithdrawal(state: Extract<RequestState, { name: 'cancelled' }>, within: Within): Promise<void> {
  const { opening, attempts, by } = state;
  const { request, skillId } = opening;
  await auditIntent(state, within);
  await within.resources.audit.outcome({
    ...changeOf(opening, attempts + 1),
    details: { request, skillId, outcome: 'withdrawn', by },
  });
}

/** `null` if it is unknown. */
function outcomeOf(state: RequestState) {
  switch (state.name) {
    case 'submitting':
      return null;
    case 'validated':
      return state.refusedBefore === null ? null : { outcome: 'not-accepted', reason: state.refusedBefore };
    case 'submission-unknown':
    case 'submission-refused':
      return { outcome: state.name, reason: state.reason };
    default:
      return state.jobId === null ? null : { outcome: 'submitted', jobId: state.jobId };
  }
}

const now = () => new Date().toISOString();
