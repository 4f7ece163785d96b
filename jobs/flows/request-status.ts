import { type FailureReason, readReason } from '../../src/runtime/failure-reason.ts';
import type { JobName, Queues } from '../../src/runtime/queues.ts';
import type { JobState } from '../../src/runtime/stored-job.ts';

/**
 * The status of a whole request, across all its jobs. `cancelled` means that it had no effect: a request that took effect
 * before it could be stopped is reported by its result.
 */
export type RequestStatus<Result, Progress = object> =
  | {
      readonly state: 'waiting' | 'running';
      readonly progress: Progress;
      /** Redis no longer has the jobs that would continue it: enqueue its spec again. */
      readonly isLost: boolean;
    }
  | { readonly state: 'succeeded'; readonly result: Result }
  | { readonly state: 'failed'; readonly error: RequestFailure }
  | { readonly state: 'cancelled' };

export type RequestFailure = FailureReason;

/** The state and progress of a job; `unknown`: Redis does not have it. */
export interface JobStanding {
  readonly state: JobState | 'unknown';
  readonly progress: Readonly<Record<string, unknown>>;
  readonly failure: RequestFailure;
}

/** The state of the job. A job that waits again, for a limit or a later attempt, counts as running. */
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
