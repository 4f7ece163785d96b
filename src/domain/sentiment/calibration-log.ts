import { MlopsError } from '../../errors.ts';
import { longestBackoffMs } from './busy-backoff.ts';
import type { CalibrationBody } from './calibration-body.ts';
import type { CalibrationEvent, CalibrationReason, CalibrationSource } from './calibration-event.ts';

/**
 * The state of a calibration.
 *
 *     waiting → sending → accepted → completed | failed
 *
 * From `sending`, a PUT without effect leads to `waiting` (429) or `busy` (503), a lost answer to `unanswered`; all three
 * are sent again. What is given up is `failed`, or `unknown` where a PUT may have had an effect; `unknown` may be retried
 * until a later calibration is accepted, then it is `superseded`. `untracked` was accepted, its end is not known.
 */
export const calibrationStates = [
  'waiting',
  'sending',
  'busy',
  'unanswered',
  'accepted',
  'untracked',
  'unknown',
  'completed',
  'failed',
  'superseded',
  'cancelled',
] as const;
export type CalibrationState = (typeof calibrationStates)[number];

/** A calibration, as the log describes it. Instants are ISO 8601. */
export interface Calibrated {
  /** From 1, without gaps. */
  readonly version: number;
  readonly request: string;
  readonly by: string;
  readonly at: string;
  readonly source: CalibrationSource;
  readonly body: CalibrationBody;
  readonly interactions: string | null;
  readonly state: CalibrationState;
  /** When its state began. */
  readonly since: string;
  readonly timesSent: number;
  /** When the last PUT left, and the claim of the worker that sent it. */
  readonly sentAt: string | null;
  readonly claim: string | null;
  /** Whether a PUT whose answer is missing may have had, or may still have, an effect. */
  readonly isInDoubt: boolean;
  /** The answers 503 since the first one, and for how long, in milliseconds. */
  readonly busy: { readonly answers: number; readonly ms: number; readonly lastAt: string } | null;
  readonly accepted: { readonly at: string; readonly jobId: string; readonly latencyMs: number } | null;
  /** Of a failed, unknown or untracked one, and why the last PUT had no effect. */
  readonly reason: CalibrationReason | null;
  /** The version that superseded it. */
  readonly supersededBy: number | null;
}

/** The calibrations of a tenant, oldest first: version n is at index n − 1. */
export interface CalibrationLog {
  readonly calibrations: readonly Calibrated[];
  /** The newest version that the platform accepted; 0 if none was. */
  readonly newestAccepted: number;
  /** The versions still to be sent or followed, ascending: the first of them is next. */
  readonly open: readonly number[];
}

export const emptyLog: CalibrationLog = { calibrations: [], newestAccepted: 0, open: [] };

/**
 * The log after `events`, which follow those of `log`. The cost is that of the events, and of copying the list once.
 * @throws MlopsError CALIBRATION_LOG_DAMAGED naming the first event that cannot follow: two writers did not see each other, or
 *   the log was altered
 */
export function foldCalibrations(events: Iterable<CalibrationEvent>, log: CalibrationLog = emptyLog): CalibrationLog {
  const calibrations = [...log.calibrations];
  const open = new Set(log.open);
  const requests = new Set(calibrations.map(each => each.request));
  let { newestAccepted } = log;
  for (const event of events) {
    if (event.kind === 'requested') {
      if (event.version !== calibrations.length + 1 || requests.has(event.request)) throw damaged(event, undefined);
      requests.add(event.request);
      calibrations.push(requested(event));
      open.add(event.version);
      continue;
    }
    const before = calibrations[event.version - 1];
    const next = before && following(before, event, { calibrations, newestAccepted, head: Math.min(...open) });
    if (!next) throw damaged(event, before);
    calibrations[event.version - 1] = next;
    if (isOpen(next)) open.add(next.version);
    else open.delete(next.version);
    if (event.kind === 'accepted') newestAccepted = event.version;
  }
  return { calibrations, newestAccepted, open: [...open].sort((a, b) => a - b) };
}

function requested({ kind: _, ...request }: Extract<CalibrationEvent, { kind: 'requested' }>): Calibrated {
  return {
    ...request,
    state: 'waiting',
    since: request.at,
    timesSent: 0,
    sentAt: null,
    claim: null,
    isInDoubt: false,
    busy: null,
    accepted: null,
    reason: null,
    supersededBy: null,
  };
}

interface Surroundings {
  readonly calibrations: readonly Calibrated[];
  readonly newestAccepted: number;
  /** The version that is next. */
  readonly head: number;
}

/** `null` where `event` cannot follow. */
function following(
  before: Calibrated,
  event: Exclude<CalibrationEvent, { kind: 'requested' }>,
  around: Surroundings,
): Calibrated | null {
  const { state } = before;
  const next = { ...before, since: event.at };
  switch (event.kind) {
    case 'sending': {
      if (!isSendable(before) || around.head !== before.version) return null;
      const isInDoubt = before.isInDoubt || state === 'sending';
      const { at: sentAt, claim } = event;
      return { ...next, state: 'sending', timesSent: before.timesSent + 1, sentAt, claim, isInDoubt };
    }
    case 'busy':
      if (state !== 'sending') return null;
      return { ...next, state: 'busy', busy: busyAfter(before.busy, event.at) };
    case 'not-accepted':
      if (state !== 'sending') return null;
      return { ...next, state: before.isInDoubt ? 'unanswered' : 'waiting', reason: event.reason };
    case 'unanswered':
      if (state !== 'sending') return null;
      return { ...next, state: 'unanswered', isInDoubt: true, reason: event.reason };
    case 'accepted': {
      // A late answer counts, unless a later calibration was accepted by then.
      if (!mayHaveEffect(before) || around.newestAccepted > before.version) return null;
      const { at, jobId, latencyMs } = event;
      return { ...next, state: 'accepted', accepted: { at, jobId, latencyMs }, isInDoubt: false, reason: null };
    }
    case 'completed':
      if (state !== 'accepted' && state !== 'untracked') return null;
      return { ...next, state: 'completed', reason: null };
    case 'failed':
      if (!mayFail(before)) return null;
      return { ...next, state: 'failed', reason: event.reason };
    case 'unknown':
      if (!mayHaveEffect(before) || state === 'unknown') return null;
      return { ...next, state: 'unknown', isInDoubt: true, reason: event.reason };
    case 'retried':
      if (!mayBeRetried(before, around)) return null;
      return { ...next, state: 'unanswered' };
    case 'untracked':
      if (state !== 'accepted') return null;
      return { ...next, state: 'untracked', reason: event.reason };
    case 'superseded':
      if (!mayHaveEffect(before) || event.by <= before.version) return null;
      if (!around.calibrations[event.by - 1]?.accepted) return null;
      return { ...next, state: 'superseded', supersededBy: event.by };
    case 'cancelled':
      return mayBeCancelled(before) ? { ...next, state: 'cancelled' } : null;
  }
}

/**
 * A longer time than twice the longest back-off between two answers does not count as one of 503 answers: a known job
 * was waited for, or no worker ran.
 */
function busyAfter(before: Calibrated['busy'], at: string): Calibrated['busy'] {
  if (before === null) return { answers: 1, ms: 0, lastAt: at };
  const gap = Math.max(0, Date.parse(at) - Date.parse(before.lastAt));
  return { answers: before.answers + 1, ms: before.ms + Math.min(gap, 2 * longestBackoffMs), lastAt: at };
}

function damaged(event: CalibrationEvent, before: Calibrated | undefined): MlopsError {
  const where = `version ${event.version}`;
  const after = before === undefined ? 'here' : `the state ${before.state}`;
  return new MlopsError(
    'CALIBRATION_LOG_DAMAGED',
    `the log of calibrations is damaged: ${event.kind} of ${where} cannot follow ${after}. Restore the log from a backup of the store`,
    { where },
  );
}

/** Whether it is still to be sent or followed. */
export function isOpen({ state }: Pick<Calibrated, 'state'>): boolean {
  return state === 'accepted' || isSendable({ state });
}

function isSendable({ state }: Pick<Calibrated, 'state'>): boolean {
  return state === 'waiting' || state === 'busy' || state === 'unanswered' || state === 'sending';
}

/** Whether nothing more can happen to it. */
export function isEnded({ state }: Pick<Calibrated, 'state'>): boolean {
  return state === 'completed' || state === 'failed' || state === 'superseded' || state === 'cancelled';
}

/** Whether it was sent and the outcome is unknown. */
export function mayHaveEffect({ state, isInDoubt }: Pick<Calibrated, 'state' | 'isInDoubt'>): boolean {
  return state === 'sending' || state === 'unknown' || (isInDoubt && isSendable({ state }));
}

/** Whether it can be known to have failed: the platform said so, or no PUT can have had an effect. */
function mayFail(calibration: Calibrated): boolean {
  const { state } = calibration;
  if (state === 'sending' || state === 'accepted' || state === 'untracked') return true;
  return isSendable(calibration) && !mayHaveEffect(calibration);
}

/** Whether it can still be withdrawn: no PUT can have had an effect. */
export function mayBeCancelled(calibration: Pick<Calibrated, 'state' | 'isInDoubt'>): boolean {
  return isSendable(calibration) && !mayHaveEffect(calibration);
}

/**
 * Whether an unknown calibration may be sent again: only while no later one can have had an effect, which it would undo.
 */
export function mayBeRetried(
  { version, state }: Pick<Calibrated, 'version' | 'state'>,
  { calibrations }: Pick<CalibrationLog, 'calibrations'>,
): boolean {
  if (state !== 'unknown') return false;
  return calibrations.slice(version).every(later => later.accepted === null && !mayHaveEffect(later));
}

/** The last calibration that was applied: the newest one whose job completed. */
export function lastApplied({ calibrations }: Pick<CalibrationLog, 'calibrations'>): Calibrated | null {
  return calibrations.findLast(each => each.state === 'completed') ?? null;
}

/**
 * The calibration in force at an instant (ISO 8601): the newest that was accepted by then and whose job has not failed.
 * The platform applies a calibration as a whole when it accepts it; its job only reports how the reweight ends.
 */
export function inForceAt({ calibrations }: Pick<CalibrationLog, 'calibrations'>, instant: string): Calibrated | null {
  const time = Date.parse(instant);
  const isInForce = ({ accepted, state }: Calibrated) =>
    accepted !== null && state !== 'failed' && Date.parse(accepted.at) <= time;
  return calibrations.findLast(isInForce) ?? null;
}

/** The calibration that the platform carries out as this job. */
export function calibrationOfJob(log: Pick<CalibrationLog, 'calibrations'>, jobId: string): Calibrated | null {
  return log.calibrations.findLast(each => each.accepted?.jobId === jobId) ?? null;
}
