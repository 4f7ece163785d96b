import type { z } from 'zod';

/** How a queue treats its jobs: read it beside the queue's name in `job.ts`. */
export interface Policy {
  /** Tries of a job before it fails for good. */
  readonly attempts: number;
  /** Exponential backoff between tries: the first wait in milliseconds; each is spread by jitter. */
  readonly backoffMs: number;
  /** Jobs one worker process runs at once: what keeps the queue's budget busy (rate × latency). `CONCURRENCY_<QUEUE>` overrides it. */
  readonly concurrency: number;
  /** After this long a try is aborted and counts as failed. */
  readonly timeoutMs: number;
}

/** A queue as a producer sees it. */
export interface Job<Payload> {
  readonly name: string;
  readonly payload: z.ZodType<Payload>;
  readonly policy: Policy;
  /** The work of `payload` under its deterministic id, ready for `enqueue`. */
  spec(payload: Payload): JobSpec;
}

/** A job to be enqueued, its payload parsed and JSON-safe. */
export interface JobSpec {
  readonly queue: string;
  readonly id: string;
  readonly payload: unknown;
  readonly policy: Policy;
  /** Comes after all jobs of its queue that are not bulk, whenever those arrive. */
  readonly isBulk: boolean;
}

/**
 * Defines a queue: its name, what a payload is, the payload's deterministic job id, and the policy.
 * The same payload always gives the same id, so that enqueueing it twice is enqueueing it once.
 */
export function defineJob<Payload>(definition: {
  name: string;
  payload: z.ZodType<Payload>;
  id: (payload: Payload) => string;
  /** Which jobs are one of many, that must not keep others waiting; by default none. */
  isBulk?: (payload: Payload) => boolean;
  policy: Policy;
}): Job<Payload> {
  const { name, payload: schema, policy } = definition;
  return {
    name,
    payload: schema,
    policy,
    spec(payload) {
      const parsed = schema.parse(payload);
      return {
        queue: name,
        id: definition.id(parsed),
        payload: parsed,
        policy,
        isBulk: definition.isBulk?.(parsed) ?? false,
      };
    },
  };
}
