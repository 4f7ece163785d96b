import { z } from 'zod';
import { instant } from '../interaction/interaction.ts';
import { type CalibrationLog, calibrationOfJob, inForceAt } from './calibration-log.ts';
import type { AlertTriggered } from './hook-event.ts';

export const outcomes = ['confirmed', 'refuted'] as const;
/** Whether the alert was right, as a person judged. */
export type Outcome = (typeof outcomes)[number];
export const alertStates = ['open', ...outcomes] as const;
export type AlertState = (typeof alertStates)[number];

const share = z.number().min(0).max(1).nullable();

/** How an alert was closed. */
export const closing = z.strictObject({
  outcome: z.enum(outcomes),
  at: instant,
  by: z.string().min(1),
  reason: z.string().max(2000).nullable(),
});
export type Closing = z.infer<typeof closing>;

/** An alert that the platform raised, open until a person confirms or refutes it. */
export const alert = z.strictObject({
  id: z.string().min(1),
  /** When it was raised. */
  at: instant,
  interactionId: z.string().min(1),
  emotion: z.string().min(1),
  directive: z.string().min(1),
  score: share,
  threshold: share,
  /** The platform's job of the calibration that raised it, and our version of it, where they are known. */
  calibrationJobId: z.string().min(1).nullable(),
  calibration: z.number().int().positive().nullable(),
  closed: closing.nullable(),
});
export type Alert = z.infer<typeof alert>;

/** The open alert of an event. Without a job's id it belongs to the calibration that was in force when it was raised. */
export function alertOf(event: AlertTriggered, log: Pick<CalibrationLog, 'calibrations'>): Alert {
  const { alertId: id, at, interactionId, emotion, directive, score, threshold, calibrationJobId } = event;
  const calibration = calibrationJobId === null ? inForceAt(log, at) : calibrationOfJob(log, calibrationJobId);
  return {
    id,
    at,
    interactionId,
    emotion,
    directive,
    score,
    threshold,
    calibrationJobId: calibrationJobId ?? calibration?.accepted?.jobId ?? null,
    calibration: calibration?.version ?? null,
    closed: null,
  };
}

export function stateOfAlert({ closed }: { readonly closed: Pick<Closing, 'outcome'> | null }): AlertState {
  return closed?.outcome ?? 'open';
}

export type Closed =
  | { readonly ok: true; readonly alert: Alert }
  | { readonly ok: false; readonly why: 'not-found' }
  | { readonly ok: false; readonly why: 'closed'; readonly by: Closing };

/** Closes an alert; one that is closed stays as it is, also where the outcome is the same. */
export function closeAlert(found: Alert | null, how: Closing): Closed {
  if (found === null) return { ok: false, why: 'not-found' };
  if (found.closed !== null) return { ok: false, why: 'closed', by: found.closed };
  return { ok: true, alert: { ...found, closed: how } };
}
