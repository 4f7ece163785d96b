import { z } from 'zod';
import { type Calibrated, type CalibrationLog, mayBeCancelled } from '../../../src/domain/sentiment/calibration-log.ts';
import { cancelledCode } from '../../../src/runtime/failure-reason.ts';
import { failureOf } from '../../calibrate-sentiment/failure.ts';
import { calibrateSentiment, calibrationJobId } from '../../calibrate-sentiment/job.ts';
import type { FlowResources } from '../flow.ts';
import { type JobStanding, type RequestStatus, standingOf } from '../request-status.ts';
import { type CalibrationResult, calibrationResult } from './request.ts';

/** How far a calibration is. */
export interface CalibrationProgress {
  readonly stage: 'waiting' | 'queued' | 'sending' | 'busy' | 'applying';
  readonly version?: number;
  /** Calibrations that come first. */
  readonly ahead?: number;
  /** The platform's calibration job. */
  readonly jobId?: string;
}
type Status = RequestStatus<CalibrationResult, CalibrationProgress>;

/** The name of the request with the id `id`. */
export const calibrationOf = (id: string) => id.slice(calibrationJobId('').length);

/** The calibration of a request; `null` before it has a version. */
export async function findCalibration(
  { calibrations }: Pick<FlowResources, 'calibrations'>,
  request: string,
): Promise<{ readonly own: Calibrated | null; readonly log: CalibrationLog }> {
  const { log } = await calibrations.read();
  return { own: log.calibrations.find(each => each.request === request) ?? null, log };
}

/** How far the calibration of `request` is, from the log and, for work in progress, from its job. */
export async function calibrationStatus(
  app: Pick<FlowResources, 'calibrations' | 'cancellations' | 'queues'>,
  request: string,
): Promise<Status> {
  const id = calibrationJobId(request);
  const isCancelled = await app.cancellations.isCancelled(id);
  const job = await standingOf(app, { queue: calibrateSentiment.name, id });
  // Read after the job, which may have ended just now.
  const { own, log } = await findCalibration(app, request);
  if (own?.state === 'cancelled' || (isCancelled && (own === null || mayBeCancelled(own))))
    return { state: 'cancelled' };
  const isUnderWay = job.state === 'waiting' || job.state === 'running';
  if (own === null || log.open.includes(own.version)) return underWay(own, log, job);
  // The job of an unknown one runs again after `jobs retry`, and has not noted it yet.
  if (own.state === 'unknown' && isUnderWay) return underWay(own, log, job);
  const result = own.state === 'completed' ? calibrationResult(own) : null;
  if (result !== null) return { state: 'succeeded', result };
  const failure = failureOf(own);
  return failure === null
    ? underWay(own, log, job)
    : { state: 'failed', error: { code: failure.code, message: failure.message } };
}

function underWay(own: Calibrated | null, log: CalibrationLog, job: JobStanding): Status {
  if (job.state === 'failed' && own === null)
    return job.failure.code === cancelledCode ? { state: 'cancelled' } : { state: 'failed', error: job.failure };
  const isLost = job.state === 'unknown' || job.state === 'completed' || job.state === 'failed';
  const progress = progressOf(own, log, job.progress);
  return { state: progress.stage === 'waiting' ? 'waiting' : 'running', progress, isLost };
}

const shown = z.object({
  stage: z.enum(['queued', 'sending', 'busy', 'applying']).optional().catch(undefined),
  jobId: z.string().optional().catch(undefined),
});

function progressOf(own: Calibrated | null, log: CalibrationLog, progress: unknown): CalibrationProgress {
  if (own === null) return { stage: 'waiting' };
  const { version, accepted } = own;
  if (accepted !== null) return { stage: 'applying', version, jobId: accepted.jobId };
  const ahead = log.open.filter(each => each < version).length;
  if (ahead > 0) return { stage: 'queued', version, ahead };
  const { stage, jobId } = shown.parse(progress);
  if (stage === undefined) return { stage: 'waiting', version };
  return { stage: stage === 'applying' ? 'sending' : stage, version, ...(jobId === undefined ? {} : { jobId }) };
}
