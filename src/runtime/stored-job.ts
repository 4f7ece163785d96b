import type { Job } from 'bullmq';

/** Where a job is. One that waits again, for a limit or a later attempt, is running. */
export type JobState = 'waiting' | 'running' | 'completed' | 'failed';

/** A job as Redis has it, listed with others. */
export interface ListedJob {
  readonly queue: string;
  readonly id: string;
  readonly payload: unknown;
  readonly progress: unknown;
  /** What its handler returned; `null` until it has completed. */
  readonly result: unknown;
  /** Why its last attempt failed; `null` where none has. */
  readonly failedReason: string | null;
  /** When it ended, in ms since 1970; `null`: not yet. */
  readonly endedAt: number | null;
  readonly isBulk: boolean;
}

export interface StoredJob extends ListedJob {
  readonly state: JobState;
  /** When a worker first took it, in ms since 1970; `null`: not yet. */
  readonly startedAt: number | null;
  /** Attempts that failed, and how many there are. */
  readonly attempts: { readonly failed: number; readonly of: number };
}

/** @returns `null` for a job without an id: it was not enqueued by us */
export function listedJob(queue: string, job: Job): ListedJob | null {
  if (job.id === undefined) return null;
  return {
    queue,
    id: job.id,
    payload: job.data,
    progress: job.progress,
    result: job.returnvalue ?? null,
    failedReason: job.failedReason ?? null,
    endedAt: job.finishedOn ?? null,
    isBulk: (job.opts.priority ?? 0) > 0,
  };
}

/** @param bullState BullMQ's name of its state */
export function storedJob(queue: string, bullState: string, job: Job): StoredJob | null {
  const listed = listedJob(queue, job);
  return listed === null
    ? null
    : {
        ...listed,
        state: stateOf(bullState, job),
        startedAt: job.processedOn ?? null,
        attempts: { failed: job.attemptsMade, of: job.opts.attempts ?? 1 },
      };
}

function stateOf(bullState: string, { processedOn }: Job): JobState {
  if (bullState === 'completed' || bullState === 'failed') return bullState;
  return processedOn === undefined ? 'waiting' : 'running';
}
