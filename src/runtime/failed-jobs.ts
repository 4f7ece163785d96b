import { readReason } from './failure-reason.ts';
import type { JobSpec, Policy } from './job-spec.ts';
import type { Queues } from './queues.ts';

/** A job that failed for good. */
export interface FailedJob {
  readonly queue: string;
  readonly id: string;
  /** Its reason's. */
  readonly code: string;
  /** The whole reason, with its code. */
  readonly reason: string;
  /** In ms since 1970. */
  readonly failedAt: number;
  readonly payload: unknown;
  readonly isBulk: boolean;
}

const page = 500;

/** The failed jobs of a queue, newest first. */
export async function failedJobs(queues: Queues, name: string): Promise<FailedJob[]> {
  const queue = queues.queue(name);
  const found = new Map<string, FailedJob>();
  for (let start = 0; ; start += page) {
    const jobs = await queue.getJobs(['failed'], start, start + page - 1);
    for (const job of jobs) {
      // One that was removed meanwhile is none.
      if (job?.id === undefined || job.finishedOn === undefined) continue;
      found.set(job.id, {
        queue: name,
        id: job.id,
        code: readReason(job.failedReason).code,
        reason: job.failedReason,
        failedAt: job.finishedOn,
        payload: job.data,
        isBulk: (job.opts.priority ?? 0) > 0,
      });
    }
    if (jobs.length < page) return [...found.values()];
  }
}

/** The order of a failed job, which `enqueue` makes anew: all its tries, and none of its crashes. */
export function respecify({ queue, id, payload, isBulk }: FailedJob, policy: Policy): JobSpec {
  return { queue, id, payload, policy, isBulk };
}

/** Removes the job, unless it is no longer failed. @returns whether it did */
export async function discard(queues: Queues, { queue, id }: Pick<FailedJob, 'queue' | 'id'>): Promise<boolean> {
  if ((await queues.queue(queue).getJobState(id)) !== 'failed') return false;
  return (await queues.queue(queue).remove(id)) === 1;
}
