import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Calibrated } from '../../../src/domain/sentiment/calibration-log.ts';
import type { JobSpec } from '../../../src/runtime/job-spec.ts';
import { type CalibrationPayload, calibrateSentiment, calibrationJobId } from '../../calibrate-sentiment/job.ts';

/** The parameters of a request, once what it gave is kept sealed. */
export const calibrationParameters = z.strictObject({ rollbackTo: z.number().int().positive().nullable() });

/** The job that carries out a request. */
export function calibrationSpec(request: CalibrationPayload): JobSpec {
  return calibrateSentiment.spec(request);
}

/** The job that applies an applied version again, as a new one. */
export function rollbackSpec(tenant: string, version: number, by: string, request: string = randomUUID()): JobSpec {
  return calibrateSentiment.spec({ tenant, request, rollbackTo: version, by });
}

/** The result of a calibration: what `calibrate --json` prints. */
export const calibrationResultShape = z.object({
  id: z.string(),
  queue: z.string(),
  version: z.int().describe('Its number in `calibrate history`'),
  calibrationJobId: z.string().describe('The platform’s'),
  status: z.enum(['completed', 'failed']).describe('The end of the calibration job on the platform'),
  calibration_latency_ms: z.number().describe('From sending the calibration to its answer'),
});
export type CalibrationResult = z.infer<typeof calibrationResultShape>;

/** `null` unless the platform accepted the calibration and its job has ended. */
export function calibrationResult({ request, version, state, accepted }: Calibrated): CalibrationResult | null {
  if (accepted === null || (state !== 'completed' && state !== 'failed')) return null;
  return {
    id: calibrationJobId(request),
    queue: calibrateSentiment.name,
    version,
    calibrationJobId: accepted.jobId,
    status: state,
    calibration_latency_ms: accepted.latencyMs,
  };
}
