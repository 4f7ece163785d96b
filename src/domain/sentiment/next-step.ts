import { busyBackoffMs, busyLimitMs } from './busy-backoff.ts';
import type { CalibrationEvent } from './calibration-event.ts';
import { type Calibrated, type CalibrationLog, mayHaveEffect } from './calibration-log.ts';

/** What a calibration's job does next. Instants are milliseconds since 1970. */
export type Step =
  /** The log does not hold the request yet. */
  | { readonly kind: 'request' }
  /** Append this event to the log, then ask again. */
  | { readonly kind: 'record'; readonly event: CalibrationEvent }
  /** `request` is before this one, and its own job sends and follows it. */
  | { readonly kind: 'wait-for-earlier'; readonly version: number; readonly request: string }
  /** The platform runs a reweight, or an earlier PUT may still arrive there. */
  | { readonly kind: 'wait-until'; readonly at: number; readonly why: 'busy' | 'in-flight' }
  /** Append `sending`, then send the PUT with the key of this version's request. */
  | { readonly kind: 'put'; readonly calibration: Calibrated }
  /** Ask for the status of this job: that of the calibration itself, or one that may be the reweight it waits for. */
  | { readonly kind: 'follow'; readonly version: number; readonly jobId: string }
  /** Nothing is left to do: the state says how it ended. */
  | { readonly kind: 'settled'; readonly calibration: Calibrated };

export interface StepTimes {
  /** For how long 503 answers to its own PUT are tolerated. */
  readonly busyLimitMs: number;
  /** How long after it was sent a request without an answer may still arrive: no request of ours lives longer. */
  readonly inFlightMs: number;
  readonly backoffMs: (answers: number) => number;
}

/** What the log does not say. */
export interface StepOptions {
  readonly times?: StepTimes;
  /** Whether the platform no longer has the calibration job of a version: then nothing waits for it. */
  readonly isGone?: (version: number) => boolean;
}

export const defaultTimes: StepTimes = { busyLimitMs, inFlightMs: 90_000, backoffMs: busyBackoffMs };

/**
 * What the job of `request` does next. Calibrations are sent in the order of the log, one at a time: the next one is
 * sent when the one before has ended on the platform, failed, or was given up.
 *
 * One is overtaken, and recorded as superseded, where a later one was accepted while its own outcome was unknown. One
 * that only waits is never dropped.
 * @param now milliseconds since 1970
 */
export function nextStep(
  log: CalibrationLog,
  request: string,
  now: number,
  { times = defaultTimes, isGone = () => false }: StepOptions = {},
): Step {
  const own = log.calibrations.findLast(each => each.request === request);
  if (own === undefined) return { kind: 'request' };
  const overtaken = log.calibrations.find(each => each.version < log.newestAccepted && mayHaveEffect(each));
  if (overtaken !== undefined) return { kind: 'record', event: superseded(overtaken, log, now) };
  if (!log.open.includes(own.version)) return { kind: 'settled', calibration: own };
  const [head = own.version] = log.open;
  const earlier = log.calibrations[head - 1];
  if (earlier !== undefined && earlier !== own)
    return { kind: 'wait-for-earlier', version: earlier.version, request: earlier.request };
  if (own.state === 'accepted' && own.accepted !== null)
    return { kind: 'follow', version: own.version, jobId: own.accepted.jobId };
  return stepOfHead(own, log, now, { times, isGone });
}

/** The first of the line, not accepted yet. */
function stepOfHead(own: Calibrated, log: CalibrationLog, now: number, { times, isGone }: Required<StepOptions>): Step {
  const mayArrive = log.calibrations.find(
    ({ state, sentAt }) => state === 'unknown' && sentAt !== null && !hasPassed(sentAt, times.inFlightMs, now),
  );
  if (mayArrive?.sentAt)
    return { kind: 'wait-until', at: Date.parse(mayArrive.sentAt) + times.inFlightMs, why: 'in-flight' };
  if (own.state !== 'busy' || own.busy === null) return { kind: 'put', calibration: own };
  const running = jobThatMayRun(log);
  if (running !== null && !isGone(running.version)) return { kind: 'follow', ...running };
  if (own.busy.ms >= times.busyLimitMs) return { kind: 'record', event: givenUp(own, own.busy, now) };
  const backoff = times.backoffMs(own.busy.answers);
  if (hasPassed(own.busy.lastAt, backoff, now)) return { kind: 'put', calibration: own };
  return { kind: 'wait-until', at: Date.parse(own.busy.lastAt) + backoff, why: 'busy' };
}

/** The last calibration job that we know, where its end is not known. */
function jobThatMayRun({ calibrations, newestAccepted }: CalibrationLog) {
  const newest = calibrations[newestAccepted - 1];
  if (newest?.state !== 'untracked' || newest.accepted === null) return null;
  return { version: newest.version, jobId: newest.accepted.jobId };
}

/** An instant far ahead was written by a clock that is wrong: no wait depends on it. */
function hasPassed(since: string, ms: number, now: number): boolean {
  return Math.abs(now - Date.parse(since)) >= ms;
}

function superseded({ version }: Calibrated, { newestAccepted }: CalibrationLog, now: number): CalibrationEvent {
  return { kind: 'superseded', version, at: new Date(now).toISOString(), by: newestAccepted };
}

function givenUp(own: Calibrated, busy: NonNullable<Calibrated['busy']>, now: number): CalibrationEvent {
  const minutes = Math.round(busy.ms / 60_000);
  return {
    kind: mayHaveEffect(own) ? 'unknown' : 'failed',
    version: own.version,
    at: new Date(now).toISOString(),
    reason: {
      code: 'CALIBRATION_BUSY',
      message: `the platform answered 503 for ${minutes} minutes (${busy.answers} times): a reweight is running. Calibrate again when it has ended`,
    },
  };
}
