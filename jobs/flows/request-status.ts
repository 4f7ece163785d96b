import { type FailureReason, readReason } from '../../src/runtime/failure-reason.ts';
import type { JobName, Queues } from '../../src/runtime/queues.ts';
import type { JobState } from '../../src/runtime/stored-job.ts';

/**
 * How far a whole request is, whatever jobs it takes. `cancelled` says that nothing came of it: what had taken effect
 * before it could be stopped counts as what it is.
 */
export type RequestStatus<Result, Progress = object> =
  | {
      readonly state: 'waiting' | 'running';
      readonly progress: Progress;
      /** Redis no longer has the jobs that would bring it forward: placing the order again does. */
      readonly isLost: boolean;
    }
  | { readonly state: 'succeeded'; readonly result: Result }
  | { readonly state: 'failed'; readonly error: RequestFailure }
  | { readonly state: 'cancelled' };

export type RequestFailure = FailureReason;

/** Where a job is, and what it shows; `unknown`: Redis does not have it. */
export interface JobStanding {
  readonly state: JobState | 'unknown';
  readonly progress: Readonly<Record<string, unknown>>;
  readonly failure: RequestFailure;
}

/** Where the job is. One that waits again, for a limit or a later attempt, is running. */
export async function standingOf(
  { queues }: { readonly queues: Pick<Queues, 'find'> },
  name: JobName,
): Promise<JobStanding> {
  const job = await queues.find(name);
  return {
    state: job?.state ?? 'unknown',
    progress: isObject(job?.progress) ? job.progress : {},
    failure: job?.failedReason == null ? removed : readReason(job.failedReason),
  };
}

const removed: FailureReason = { code: 'INTERNAL', message: 'the job was removed' };

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
