/** A job to be enqueued, its payload parsed and JSON-safe. */
export interface JobSpec {
  readonly queue: string;
  readonly id: string;
  readonly payload: unknown;
  readonly policy: Policy;
  /** Comes after all jobs of its queue that are not bulk, whenever those arrive. */
  readonly isBulk: boolean;
}

/** How a queue treats its jobs. */
export interface Policy {
  /** Attempts of a job before it fails for good. */
  readonly attempts: number;
  /** Exponential backoff between attempts: the first wait in milliseconds; each is spread by jitter. */
  readonly backoffMs: number;
  /** Jobs one worker process runs at once: what keeps the queue's budget busy (rate × latency). `CONCURRENCY_<QUEUE>` overrides it. */
  readonly concurrency: number;
  /** An attempt that takes longer is aborted and counts as failed. */
  readonly timeoutMs: number;
}
