import type { App } from '../../src/app/app.ts';
import { type FailureReason, readReason } from '../../src/runtime/failure-reason.ts';

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

/** What BullMQ knows of a job. */
export interface JobStanding {
  readonly state: 'waiting' | 'running' | 'completed' | 'failed' | 'unknown';
  readonly progress: Readonly<Record<string, unknown>>;
  readonly failure: RequestFailure;
}

/** A job that waits once more, for a limit or a later try, is running. */
export async function standingOf({ queues }: Pick<App, 'queues'>, queue: string, id: string): Promise<JobStanding> {
  const state = await queues.queue(queue).getJobState(id);
  // Read after the state: read before it, progress and reason may not be there yet.
  const job = state === 'unknown' ? undefined : await queues.queue(queue).getJob(id);
  const progress = isObject(job?.progress) ? job.progress : {};
  const failure = job?.failedReason === undefined ? removed : readReason(job.failedReason);
  if (job === undefined) return { state: 'unknown', progress, failure };
  if (state === 'completed' || state === 'failed') return { state, progress, failure };
  return { state: job.processedOn === undefined ? 'waiting' : 'running', progress, failure };
}

const removed: FailureReason = { code: 'INTERNAL', message: 'the job was removed' };

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
