import { z } from 'zod';
import { instant } from '../interaction/interaction.ts';
import { calibrationBody } from './calibration-body.ts';

const version = z.number().int().positive();
const at = instant;
const jobId = z.string().min(1);

/** A code of ours or the platform's, and a sentence without a customer's text. */
export const calibrationReason = z.strictObject({ code: z.string().min(1), message: z.string() });
export type CalibrationReason = z.infer<typeof calibrationReason>;

export const calibrationSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('request') }),
  z.strictObject({ kind: z.literal('rollback'), version }),
  z.strictObject({ kind: z.literal('recommendation'), version }),
]);
/** Where a calibration's settings come from: the request itself, or an earlier version. */
export type CalibrationSource = z.infer<typeof calibrationSource>;

/**
 * What happened to the calibrations of a tenant: an entry each of one append-only log, which `calibration-log` folds.
 * The order of the log is the order in which calibrations are sent.
 */
export const calibrationEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('requested'),
    version,
    at,
    request: z.string().min(1),
    by: z.string(),
    source: calibrationSource,
    body: calibrationBody,
    /** Where the store keeps the interactions with their texts; `null` where they are not kept. */
    interactions: z.string().min(1).nullable(),
  }),
  /** Recorded before the PUT leaves. Only the worker that appended it may send; `claim` is random and its own. */
  z.strictObject({ kind: z.literal('sending'), version, at, claim: z.string().min(1) }),
  /** Answered 503: a reweight runs on the platform, and this PUT had no effect. */
  z.strictObject({ kind: z.literal('busy'), version, at }),
  /** Answered 429 or 401, or never sent: this PUT had no effect, and the calibration may be sent again. */
  z.strictObject({ kind: z.literal('not-accepted'), version, at, reason: calibrationReason }),
  /** No answer, or one that leaves open whether the PUT had an effect. */
  z.strictObject({ kind: z.literal('unanswered'), version, at, reason: calibrationReason }),
  /** Answered 200; `latencyMs` is the time from sending the PUT to its answer. */
  z.strictObject({ kind: z.literal('accepted'), version, at, jobId, latencyMs: z.number().nonnegative() }),
  /** The platform reports the end of the calibration job. */
  z.strictObject({ kind: z.literal('completed'), version, at }),
  /** Without effect: refused by the platform, failed there, or given up before it could have an effect. */
  z.strictObject({ kind: z.literal('failed'), version, at, reason: calibrationReason }),
  /** Given up while it was unknown whether a PUT had an effect. */
  z.strictObject({ kind: z.literal('unknown'), version, at, reason: calibrationReason }),
  /** An unknown one is to be sent again, with the same key. */
  z.strictObject({ kind: z.literal('retried'), version, at, by: z.string() }),
  /** The platform accepted it, but its job can no longer be followed: its end may still be reported later. */
  z.strictObject({ kind: z.literal('untracked'), version, at, reason: calibrationReason }),
  /** `by`, a later version, was accepted while the outcome of this one was unknown: it is never sent again. */
  z.strictObject({ kind: z.literal('superseded'), version, at, by: version }),
  /** Withdrawn before it could have an effect. */
  z.strictObject({ kind: z.literal('cancelled'), version, at, by: z.string() }),
]);
export type CalibrationEvent = z.infer<typeof calibrationEvent>;
