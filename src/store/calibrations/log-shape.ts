import { z } from 'zod';
import { calibrationBody } from '../../domain/sentiment/calibration-body.ts';
import { calibrationReason, calibrationSource } from '../../domain/sentiment/calibration-event.ts';
import { type CalibrationLog, calibrationStates } from '../../domain/sentiment/calibration-log.ts';

const version = z.number().int().positive();

const calibrated = z.strictObject({
  version,
  request: z.string(),
  by: z.string(),
  at: z.string(),
  source: calibrationSource,
  body: calibrationBody,
  interactions: z.string().nullable(),
  state: z.enum(calibrationStates),
  since: z.string(),
  timesSent: z.number().int(),
  sentAt: z.string().nullable(),
  claim: z.string().nullable(),
  isInDoubt: z.boolean(),
  busy: z.strictObject({ answers: z.number().int(), ms: z.number(), lastAt: z.string() }).nullable(),
  accepted: z.strictObject({ at: z.string(), jobId: z.string(), latencyMs: z.number() }).nullable(),
  reason: calibrationReason.nullable(),
  supersededBy: version.nullable(),
});

/** How a checkpoint holds the log of calibrations. */
export const calibrationLogShape: z.ZodType<CalibrationLog> = z.strictObject({
  calibrations: z.array(calibrated),
  newestAccepted: z.number().int().nonnegative(),
  open: z.array(version),
});
