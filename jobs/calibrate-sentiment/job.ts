/**
 * calibrate-sentiment: applies a calibration of alerts: verifies its interactions, waits for its turn and for reweights,
 * sends it, and follows its job on the platform to the end.
 *
 * Reads: calibrations/inputs/<request>, the log of calibrations, the platform's calibration jobs (CALIBRATION_STATUS
 * budget), whether the request was cancelled.
 * Writes: the log of calibrations, the audit log, the calibration on the platform (CALIBRATION budget).
 * Emits: the job of the calibration that comes first, where Redis has lost it; while it waits itself it is in Redis.
 * Idempotent because: a request has one version in the log, each attempt to send is claimed there first, and all attempts
 * carry the same idempotency key.
 */
import { z } from 'zod';
import { putCalibration, readCalibrationJob } from '../../src/platform/endpoints.ts';
import { defineJob } from '../../src/runtime/job.ts';
import { shown } from '../../src/runtime/shown.ts';
import {
  calibrationBusy,
  calibrationFailed,
  calibrationNotFound,
  calibrationRefused,
  calibrationSuperseded,
  calibrationUnknown,
  calibrationUntracked,
} from './errors.ts';
import { calibrationJobProgress } from './progress.ts';

/** The id of a request, which is part of a key. */
export const calibrationRequest = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

const payload = z.strictObject({
  tenant: z.string(),
  request: calibrationRequest,
  /** The version whose settings are applied again; `null`: what the request gave. */
  rollbackTo: z.number().int().positive().nullable(),
  /** The requester. */
  by: z.string(),
});
export type CalibrationPayload = z.infer<typeof payload>;

/** The job of a request; its id is the one the caller sees. */
export const calibrationJobId = (request: string) => `calibration.${request}`;

export const calibrateSentiment = defineJob({
  name: 'calibrate-sentiment',
  system: 'sentiment',
  summary: 'Applies a calibration of alerts, one at a time, and follows it to its end',
  calls: [putCalibration, readCalibrationJob],
  payload: shown(payload),
  result: shown(z.strictObject({ version: z.number().int(), calibrationJobId: z.string() })),
  progress: shown(calibrationJobProgress),
  id: ({ request }) => calibrationJobId(request),
  policy: {
    attempts: 8,
    backoffMs: 1_000,
    // One of them is sent or followed, the others only look whether it is their turn.
    concurrency: 5,
    timeoutMs: 3 * 60_000,
  },
  errors: [
    calibrationRefused,
    calibrationBusy,
    calibrationFailed,
    calibrationUnknown,
    calibrationUntracked,
    calibrationSuperseded,
    calibrationNotFound,
  ],
  handler: () => import('./handler.ts'),
});
