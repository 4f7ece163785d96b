import { randomUUID } from 'node:crypto';
import type { RequestEvent } from '../../src/domain/skill-training/request-event.ts';
import type { RequestState } from '../../src/domain/skill-training/request-state.ts';
import { submissionRetryMs } from '../../src/domain/skill-training/waits.ts';
import { submitTraining } from '../../src/edges/cxone/endpoints.ts';
import { isCoded, MlopsError, NotNow } from '../../src/errors.ts';
import type { Context } from '../../src/runtime/handler.ts';
import { type Outcome, snooze } from '../../src/runtime/outcome.ts';
import type { Edges } from '../edges.ts';

/** Submissions that were not accepted, after which a request is given up: ten minutes of a platform that is busy. */
const mostSubmissions = 20;
/** Statuses that mean: not accepted. */
const notAccepted: readonly number[] = [500, 503];

/** Another writer was first: what is in the log now decides. */
class Overtaken extends Error {}

type Validated = Extract<RequestState, { name: 'validated' }>;

/**
 * Submits a request. The entry `submitting` stands in the log as the last thing before the POST leaves; what the answer
 * leaves open stays open: it is never sent again by itself.
 * @returns when to come back, or `null` where the log tells how it goes on
 */
export async function submit(state: Validated, length: number, context: Context<Edges>): Promise<Outcome | null> {
  const { trainings, cxone, audit } = context.edges;
  const { request, payload, by, skillId, data } = state.opening;
  if (state.attempts >= mostSubmissions && state.refusedBefore !== null) {
    await trainings.append(request, length, { kind: 'submission-refused', at: now(), reason: state.refusedBefore });
    return null;
  }
  const body = await trainings.readPayload(payload);
  const change = { id: `training-submit-${request}-${state.attempts + 1}`, what: 'training.submit', by };
  await audit.intent({
    ...change,
    details: { request, skillId, utterances: data.utterances, fingerprint: data.fingerprint },
  });

  let at = length;
  const append = async (event: RequestEvent): Promise<boolean> => {
    const entry = await trainings.append(request, at, event);
    at = entry?.number ?? at;
    return entry !== null;
  };
  const claim = async (): Promise<void> => {
    // A token that had become invalid: the platform did not look at the first one.
    if (at > length)
      await append({ kind: 'not-accepted', at: now(), reason: { code: 'CREDENTIALS_REFUSED', message: '401' } });
    if (!(await append({ kind: 'submitting', at: now(), claim: randomUUID() }))) throw new Overtaken();
  };
  let waiting: NotNow | null = null;
  const event = await cxone.ask(submitTraining, { body, lastLook: claim }, context.signal).then(
    ({ answer }): RequestEvent => ({ kind: 'submitted', at: now(), jobId: answer.jobId }),
    (error: unknown): RequestEvent | null => {
      if (error instanceof Overtaken) return null;
      // Before its claim nothing was sent.
      if (at === length) throw error;
      if (error instanceof NotNow) waiting = error;
      return verdictOf(error);
    },
  );
  if (event === null) return null;
  await note(event, append, request, context);
  await audit.outcome({ ...change, details: { request, skillId, ...outcomeOf(event) } });
  if (waiting !== null) throw waiting;
  return event.kind === 'not-accepted' ? snooze(submissionRetryMs) : null;
}

/** A late answer is worth as much as an early one: whoever wrote meanwhile that it was lost is told the job. */
async function note(
  event: RequestEvent,
  append: (event: RequestEvent) => Promise<boolean>,
  request: string,
  { edges }: Pick<Context<Edges>, 'edges'>,
): Promise<void> {
  if (await append(event)) return;
  const { state, length } = await edges.trainings.read(request);
  if (event.kind === 'submitted' && state?.name === 'submission-unknown')
    await edges.trainings.append(request, length, {
      kind: 'attached',
      at: now(),
      jobId: event.jobId,
      by: 'its answer, which came late',
    });
}

/** What an error says of a submission that was on its way. */
function verdictOf(error: unknown): RequestEvent {
  const at = now();
  if (error instanceof NotNow)
    return { kind: 'not-accepted', at, reason: { code: 'NOT_NOW', message: 'the platform answered 429' } };
  const reason = isCoded(error)
    ? { code: error.code, message: error.message }
    : { code: 'INTERNAL', message: 'the worker failed while it was under way' };
  if (isCoded(error, 'CREDENTIALS_REFUSED', 'SCOPE_MISSING', 'PLATFORM_REFUSED', 'PLATFORM_NOT_FOUND'))
    return { kind: 'submission-refused', at, reason };
  const isNotAccepted =
    isCoded(error, 'PLATFORM_UNREACHABLE') ||
    (isCoded(error) && error.status !== undefined && notAccepted.includes(error.status));
  return isNotAccepted ? { kind: 'not-accepted', at, reason } : { kind: 'submission-unknown', at, reason };
}

function outcomeOf(event: RequestEvent) {
  return {
    outcome: event.kind,
    ...('jobId' in event ? { jobId: event.jobId } : {}),
    ...('reason' in event ? { reason: event.reason } : {}),
  };
}

/** Nobody knows whether the platform has taken the submission. */
export function unknownSubmission(request: string, message: string): MlopsError {
  return new MlopsError(
    'SUBMISSION_UNKNOWN',
    `whether the platform took the training ${request} cannot be known (${message}). Look for its job there: if there is one, train --attach JOBID --request ${request} goes on with it; if there is none, train --resubmit --request ${request} submits it once more`,
  );
}

const now = () => new Date().toISOString();
