import type { Counting } from '../../redis/counters/shared-counters.ts';
import type { Meter } from '../../runtime/meter.ts';

/** Counts the work of this process's workers in the shared counters. */
export function jobMeter(counting: Counting): Meter {
  return {
    tried(queue, end, tookMs, waitedMs) {
      counting.count('cxone_job_tries_total', queue, end);
      counting.time('cxone_job_duration_seconds', tookMs, queue);
      if (waitedMs !== null) counting.time('cxone_job_wait_seconds', waitedMs, queue);
    },
    failed: (queue, code, isFinal) =>
      counting.count(isFinal ? 'cxone_job_failures_total' : 'cxone_job_retries_total', queue, code),
    stalled: queue => counting.count('cxone_job_stalls_total', queue),
    restarted: queue => counting.count('cxone_worker_restarts_total', queue),
    lockLost: queue => counting.count('cxone_job_locks_lost_total', queue),
  };
}
