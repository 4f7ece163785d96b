/**
 * What is counted and timed wherever it happens, in any process, and added up in Redis. A label has few values, all of
 * them from the code or the configuration: never an id, never a text.
 */

interface Definition {
  readonly help: string;
  readonly labels: readonly string[];
}

export const counters = {
  cxone_job_tries_total: {
    help: 'Tries of jobs by how they ended: done, failed (for good), retried (to be tried again), waits (no failure: it comes back), cancelled, lost (its lock, or its worker had to go)',
    labels: ['queue', 'end'],
  },
  cxone_job_failures_total: { help: 'Jobs that failed for good, by code of error', labels: ['queue', 'code'] },
  cxone_job_retries_total: {
    help: 'Tries that failed and are tried again, by code of error',
    labels: ['queue', 'code'],
  },
  cxone_job_stalls_total: {
    help: 'Jobs taken from a worker that gave no sign: it died, or was blocked',
    labels: ['queue'],
  },
  cxone_job_locks_lost_total: {
    help: 'Jobs lost by a live worker, because it was blocked or Redis was unavailable',
    labels: ['queue'],
  },
  cxone_worker_restarts_total: {
    help: 'Workers of a queue that took no waiting job for a minute and were restarted in their process',
    labels: ['queue'],
  },
  cxone_worker_crashes_total: { help: 'Processes with workers that ended without saying so', labels: [] },
  cxone_budget_slots_total: { help: 'Slots of the request budget that were taken', labels: ['family'] },
  cxone_hook_events_total: {
    help: 'Webhooks received from the platform: recorded, known (received before), ignored (a type that is not used), refused (not verified)',
    labels: ['outcome'],
  },
  cxone_platform_refusals_total: { help: 'Answers 429: each holds its family in every process', labels: ['family'] },
  cxone_entity_requests_total: {
    help: 'Answered extraction requests by source: api (the platform), cache, stale (an old answer, because the platform failed), batch (an equal request of the same batch)',
    labels: ['language', 'source'],
  },
  cxone_entity_reviews_total: {
    help: 'Answered extraction requests that were flagged for review',
    labels: ['language'],
  },
} as const satisfies Record<string, Definition>;
export type CounterName = keyof typeof counters;

const quick = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;
const long = [0.01, 0.05, 0.25, 1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400] as const;

/** Histograms: the upper bounds of the buckets in the unit of the name, seconds or ratios. Sums are kept in millionths. */
export const timers = {
  cxone_job_wait_seconds: {
    help: 'From when a job could have started (enqueued, its delay over) until it first did',
    labels: ['queue'],
    bounds: long,
  },
  cxone_job_duration_seconds: {
    help: 'How long a try of a job took, however it ended',
    labels: ['queue'],
    bounds: [0.001, ...quick, 300, 900],
  },
  cxone_platform_request_seconds: {
    help: 'Requests to the platform, from when one left until its answer; status is its class (2xx … 5xx), or none',
    labels: ['endpoint', 'status'],
    bounds: quick,
  },
  cxone_entity_latency_seconds: {
    help: 'From taking up an extraction request to its result, cached ones included',
    labels: ['language'],
    bounds: [0.001, ...quick],
  },
  cxone_entity_confidence_ratio: {
    help: 'Confidence of each entity of the answers by its type (other: a type that was not requested, or one of too many)',
    labels: ['language', 'type'],
    bounds: [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1],
  },
} as const satisfies Record<string, Definition & { readonly bounds: readonly number[] }>;
export type TimerName = keyof typeof timers;
