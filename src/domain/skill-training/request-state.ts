import { MlopsError } from '../../errors.ts';
import type { Reason, RequestEvent } from './request-event.ts';

type EventOf<Kind extends RequestEvent['kind']> = Extract<RequestEvent, { kind: Kind }>;

/** What stays as it is over a request's life, and how often it was submitted. */
interface Request {
  readonly opening: EventOf<'validated'>;
  /** Submissions that were begun. */
  readonly attempts: number;
  /** When the state began. */
  readonly since: string;
}

/**
 * The state of a training request.
 *
 *     validated → submitting → polling → evaluated → exported → audited
 *
 * From `submitting`, what was not accepted is `validated` again. `submission-unknown` and `timed-out` rest until they
 * are recovered: `attached` leads back to `polling`, and from the former `resubmission` to `validated`.
 * `submission-refused`, `failed`, `cancelled` and `audited` are the end. What is `submitting` or `exported` cannot be
 * cancelled: the platform, or the registry of models, may have it by then.
 */
export type RequestState = Request &
  (
    | { readonly name: 'validated'; readonly refusedBefore: Reason | null }
    | { readonly name: 'submitting'; readonly claim: string }
    | { readonly name: 'submission-unknown'; readonly reason: Reason }
    | { readonly name: 'submission-refused'; readonly reason: Reason }
    | { readonly name: 'polling'; readonly jobId: string }
    | { readonly name: 'timed-out'; readonly jobId: string; readonly polls: number }
    | { readonly name: 'failed'; readonly jobId: string; readonly reason: Reason }
    | { readonly name: 'cancelled'; readonly jobId: string | null; readonly by: string }
    | ({ readonly name: 'evaluated' } & Evaluated)
    | ({ readonly name: 'exported'; readonly files: EventOf<'exported'>['files'] } & Evaluated)
    | ({
        readonly name: 'audited';
        readonly files: EventOf<'exported'>['files'];
        readonly registryEntry: number;
      } & Evaluated)
  );
export type StateName = RequestState['name'];

interface Evaluated {
  readonly jobId: string;
  readonly evaluated: EventOf<'evaluated'>;
}

/**
 * The state that the events of a log lead to; `null` for an empty log.
 * @throws MlopsError ARTIFACT_DAMAGED naming the entry that is not valid at its position: two writers did not see each
 *   other, or the log was altered
 */
export function stateOf(events: Iterable<RequestEvent>): RequestState | null {
  let state: RequestState | null = null;
  let entry = 0;
  for (const event of events) {
    entry += 1;
    state = advance(state, event, entry);
  }
  return state;
}

/**
 * The state after one more event.
 * @param entry the event's number in its log, for the error
 * @throws MlopsError ARTIFACT_DAMAGED where `event` cannot follow
 */
export function advance(state: RequestState | null, event: RequestEvent, entry?: number): RequestState {
  const next = state === null ? opened(event) : following(state, event);
  if (next !== null) return next;
  const where = entry === undefined ? undefined : `entry ${entry}`;
  const before = state === null ? 'nothing' : `the state ${state.name}`;
  throw new MlopsError(
    'ARTIFACT_DAMAGED',
    `the log of a training request is damaged: ${where ? `its ${where}` : 'an entry'}, ${event.kind}, cannot follow ${before}. Restore it from a backup, or request the training again`,
    { where },
  );
}

function opened(event: RequestEvent): RequestState | null {
  if (event.kind !== 'validated') return null;
  return { opening: event, attempts: 0, since: event.at, name: 'validated', refusedBefore: null };
}

/** `null` where `event` cannot follow. */
function following(state: RequestState, event: RequestEvent): RequestState | null {
  const request = { opening: state.opening, attempts: state.attempts, since: event.at };
  switch (event.kind) {
    case 'validated':
      return null;
    case 'submitting':
      if (state.name !== 'validated') return null;
      return { ...request, attempts: state.attempts + 1, name: 'submitting', claim: event.claim };
    case 'submitted':
      if (state.name !== 'submitting') return null;
      return { ...request, name: 'polling', jobId: event.jobId };
    case 'not-accepted':
      if (state.name !== 'submitting') return null;
      return { ...request, name: 'validated', refusedBefore: event.reason };
    case 'submission-refused':
      if (state.name !== 'submitting' && state.name !== 'validated') return null;
      return { ...request, name: 'submission-refused', reason: event.reason };
    case 'submission-unknown':
      if (state.name !== 'submitting' && state.name !== 'polling') return null;
      return { ...request, name: 'submission-unknown', reason: event.reason };
    case 'attached':
      if (!mayAttach(state, event.jobId)) return null;
      return { ...request, name: 'polling', jobId: event.jobId };
    case 'resubmission':
      if (state.name !== 'submission-unknown') return null;
      return { ...request, name: 'validated', refusedBefore: null };
    case 'timed-out':
      if (state.name !== 'polling') return null;
      return { ...request, name: 'timed-out', jobId: state.jobId, polls: event.polls };
    case 'failed':
      if (state.name !== 'polling') return null;
      return { ...request, name: 'failed', jobId: state.jobId, reason: event.reason };
    case 'cancelled':
      if (!mayBeCancelled(state)) return null;
      return { ...request, name: 'cancelled', jobId: state.name === 'validated' ? null : state.jobId, by: event.by };
    case 'evaluated':
      if (state.name !== 'polling') return null;
      return { ...request, name: 'evaluated', jobId: state.jobId, evaluated: event };
    case 'exported':
      if (state.name !== 'evaluated') return null;
      return { ...request, name: 'exported', jobId: state.jobId, evaluated: state.evaluated, files: event.files };
    case 'audited': {
      if (state.name !== 'exported') return null;
      const { jobId, evaluated, files } = state;
      return { ...request, name: 'audited', jobId, evaluated, files, registryEntry: event.registryEntry };
    }
  }
}

function mayAttach(state: RequestState, jobId: string): boolean {
  return state.name === 'submission-unknown' || (state.name === 'timed-out' && state.jobId === jobId);
}

/** Whether it can still be kept from having an effect. */
export function mayBeCancelled(
  state: RequestState,
): state is Extract<RequestState, { name: 'validated' | 'polling' | 'evaluated' }> {
  return state.name === 'validated' || state.name === 'polling' || state.name === 'evaluated';
}

/** Whether nothing more happens to a request by itself: it has ended, or waits for a recovery. */
export function isSettled({ name }: RequestState): boolean {
  return (
    name !== 'validated' && name !== 'submitting' && name !== 'polling' && name !== 'evaluated' && name !== 'exported'
  );
}

/** @throws MlopsError BAD_INPUT where the platform's job `jobId` cannot be attached to a request in this state */
export function refuseAttach(state: RequestState, jobId: string): void {
  if (mayAttach(state, jobId)) return;
  const { request } = state.opening;
  const why =
    state.name === 'timed-out'
      ? `the request ${request} belongs to the job ${state.jobId}: attach that one`
      : `the request ${request} is ${state.name}: a job is attached to one that is submission-unknown or timed-out`;
  throw new MlopsError('BAD_INPUT', why, { where: 'jobId' });
}

/** @throws MlopsError BAD_INPUT where a request in this state must not be submitted again */
export function refuseResubmission(state: RequestState): void {
  if (state.name === 'submission-unknown') return;
  const { request } = state.opening;
  throw new MlopsError(
    'BAD_INPUT',
    `the request ${request} is ${state.name}: only one that is submission-unknown can be submitted again`,
  );
}
