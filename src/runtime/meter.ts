import { type Job as BullJob, DelayedError, RateLimitError, UnrecoverableError, WaitingError } from 'bullmq';
import { cancelledCode, readReason } from './failure-reason.ts';

/**
 * How a try of a job ended. `failed`: for good; `retried`: it failed and is tried again; `waits`: no failure, it comes back;
 * `lost`: its lock was, or its worker had to go.
 */
export type TryEnd = 'done' | 'failed' | 'retried' | 'waits' | 'cancelled' | 'lost';

/** Receives the events of this process's workers. It must be cheap and must not throw. */
export interface Meter {
  /** @param waitedMs from when the job could have started until it first did; `null` for a later try */
  tried(queue: string, end: TryEnd, tookMs: number, waitedMs: number | null): void;
  failed(queue: string, code: string, isFinal: boolean): void;
  stalled(queue: string): void;
  lockLost(queue: string): void;
  restarted(queue: string): void;
}

export const noMeter: Meter = {
  tried: () => undefined,
  failed: () => undefined,
  stalled: () => undefined,
  lockLost: () => undefined,
  restarted: () => undefined,
};

/** How the try ended that threw `thrown`. */
export function endOf(thrown: unknown): TryEnd {
  if (thrown instanceof WaitingError) return 'lost';
  if (thrown instanceof DelayedError || thrown instanceof RateLimitError) return 'waits';
  if (thrown instanceof UnrecoverableError) return codeOf(thrown) === cancelledCode ? 'cancelled' : 'failed';
  return thrown instanceof Error && codeOf(thrown) === 'ABORTED' ? 'lost' : 'retried';
}

const codeOf = ({ message }: Error) => readReason(message).code;

/** How long a job that was just taken had waited since it was enqueued and its delay over; `null` for a later try. */
export function waitOf(job: BullJob): number | null {
  if (job.attemptsStarted > 1 || job.processedOn === undefined) return null;
  return Math.max(0, job.processedOn - job.timestamp - (job.opts.delay ?? 0));
}
