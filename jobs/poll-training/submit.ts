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

/** Submissions that were not accepted, after which a request is given up: ten minutes of a platform that is busy. */
const mostSubmissions = 20;
/** The platform's own limit: it says when to come back, however often. */
const notNow = 'NOT_NOW';
/** Statuses that mean: not accepted. */
const notAccepted: readonly number[] = [500, 503];
/** The reason of what was not accepted because its token had become invalid. */
const tokenRefused = 'CREDENTIALS_REFUSED';

/** Another writer was first, or the request was cancelled: what is in the log now decides. */
class Overtaken extends Error {}

type Validated = Extract<RequestState, { name: 'validated' }>;
type Within = Pick<Context, 'resources'>;

/**
 * Submits a request. The entry `submitting` is appended to the log as the last thing before the POST leaves; what the answer
 * leaves open stays open: it is never sent again by itself.
 * @returns when to come back, or `null` where the log tells how it goes on
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
      // Before its claim nothing was sent.
      if (!isClaimed) throw error;
      if (error instanceof NotNow) waiting = error;
      return verdictOf(error, state.refusedBefore, texts);
    },
  );
  if (event === null) return null;
  // Should the store fail now, the job's id is at least here.
  if (event.kind === 'submitted') context.logger.info({ request, jobId: event.jobId }, 'submitted');
  await note(event, length + 1, request, context);
  const { state: after } = await trainings.read(request);
  if (after !== null) await auditSubmission(after, context);
  if (waiting !== null) throw waiting;
  return event.kind === 'not-accepted' && event.reason.code !== tokenRefused ? snooze(submissionRetryMs) : null;
}

/** Whose submission it is: that of a job, in one of its tries. */
function claimOf({ jobId }: Pick<Context, 'jobId'>): string {
  return `${jobId}/${randomUUID()}`;
}

/** Whether a submission that is under way can only be this job's own, of a try that has ended. */
export function isOwnClaim(claim: string, { jobId }: Pick<Context, 'jobId'>): boolean {
  return claim.startsWith(`${jobId}/`);
}

/** A late answer counts as much as an early one: it replaces an entry that says it was lost. */
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

/** What an error says of a submission that was on its way; of `texts`, which it may quote, nothing. */
function verdictOf(error: unknown, refusedBefore: Reason | null, texts: readonly string[]): RequestEvent {
  const at = now();
  if (error instanceof NotNow)
    return { kind: 'not-accepted', at, reason: { code: notNow, message: 'the platform answered 429' } };
  const reason = isCoded(error)
    ? { code: error.code, message: withoutTexts(error.message, texts) }
    : { code: 'INTERNAL', message: 'the worker failed while it was under way' };
  // A token may have become invalid; a fresh one that is refused too has not.
  if (isCoded(error, tokenRefused) && refusedBefore?.code !== tokenRefused) return { kind: 'not-accepted', at, reason };
  if (isCoded(error, tokenRefused, 'SCOPE_MISSING', 'PLATFORM_REFUSED', 'PLATFORM_NOT_FOUND'))
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

/** The audit log has it before anything is submitted. */
async function auditIntent({ opening, attempts }: RequestState, { resources }: Within): Promise<void> {
  const { request, skillId, data } = opening;
  await resources.audit.intent({
    ...changeOf(opening, attempts + 1),
    details: { request, skillId, utterances: data.utterances, fingerprint: data.fingerprint },
  });
}

/**
 * Enters into the audit log, once, what became of the latest submission. Called wherever that is known: a worker that
 * was killed may not have come to it.
 */
export async function auditSubmission(state: RequestState, { resources }: Within): Promise<void> {
  if (state.name === 'cancelled' && state.jobId === null) return await auditWithdrawal(state, { resources });
  const { request, skillId } = state.opening;
  const became = outcomeOf(state);
  if (became === null || state.attempts === 0) return;
  const change = changeOf(state.opening, state.attempts);
  await resources.audit.outcome({ ...change, details: { request, skillId, ...became } });
}

/** The submission that was to come next: one for which there was no slot yet has its intent in the audit log already. */
async function auditWithdrawal(state: Extract<RequestState, { name: 'cancelled' }>, within: Within): Promise<void> {
  const { opening, attempts, by } = state;
  const { request, skillId } = opening;
  await auditIntent(state, within);
  await within.resources.audit.outcome({
    ...changeOf(opening, attempts + 1),
    details: { request, skillId, outcome: 'withdrawn', by },
  });
}

/** `null` where it is not known, or no longer. */
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
