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

/** The failed jobs of a queue, newest first. */
export async function failedJobs(queues: Queues, name: string): Promise<FailedJob[]> {
  const found = new Map<string, FailedJob>();
  for await (const { queue, id, failedReason, endedAt, payload, isBulk } of queues.jobs(name, ['failed'])) {
    // Started again meanwhile.
    if (endedAt === null || failedReason === null) continue;
    found.set(id, {
      queue,
      id,
      code: readReason(failedReason).code,
      reason: failedReason,
      failedAt: endedAt,
      payload,
      isBulk,
    });
  }
  return [...found.values()];
}

/** The spec of a failed job, for `enqueue`: with a fresh set of attempts, and no crashes. */
export function respecify({ queue, id, payload, isBulk }: FailedJob, policy: Policy): JobSpec {
  return { queue, id, payload, policy, isBulk };
}

/** Removes the job, unless it is no longer failed. @returns whether it did */
export async function discard(queues: Queues, job: Pick<FailedJob, 'queue' | 'id'>): Promise<boolean> {
  if ((await queues.find(job))?.state !== 'failed') return false;
  return await queues.remove(job);
}
