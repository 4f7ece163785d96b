import { z } from 'zod';
import type { ErrorEntry } from '../errors/entry.ts';
import type { Family, ServiceName } from '../platform/endpoints.ts';
import type { Handler } from './handler.ts';
import type { JobSpec, Policy } from './job-spec.ts';

/** What a queue's jobs ask of another system: the budget it counts against, and the service, if it is the platform's. */
export interface Call {
  readonly family: Family;
  readonly service: ServiceName | null;
}

/** Which jobs foreign producers may add to a queue themselves. */
export interface OpenForm {
  readonly payload: z.ZodType;
  /** How they make the job's id, such as `tuning.<tuning>`. */
  readonly id: string;
}

/** A queue as the registry lists it: all but the types of its jobs. */
export interface QueueDefinition<Resources> {
  readonly name: string;
  /** What the queue is a part of, such as `curation`. */
  readonly system: string;
  /** What its jobs do, in a few words. */
  readonly summary: string;
  readonly calls: readonly Call[];
  readonly payload: z.ZodType;
  readonly result: z.ZodType;
  readonly progress: z.ZodType;
  readonly policy: Policy;
  readonly open: OpenForm | null;
  /** The error codes of its own, beside those that all queues share. */
  readonly errors: readonly ErrorEntry[];
  /** Loaded by the workers that run it, never by producers. */
  handler(): Promise<{ readonly handler: Handler<Resources> }>;
}

/** A queue and the types of its jobs. */
export interface JobDefinition<Payload, Result, Progress, Resources> extends QueueDefinition<Resources> {
  readonly payload: z.ZodType<Payload>;
  readonly result: z.ZodType<Result>;
  readonly progress: z.ZodType<Progress>;
  /** The job that does the work of `payload`, under its deterministic id, ready for `enqueue`. */
  spec(payload: Payload): JobSpec;
}

/** For queues whose jobs are too short to report progress. */
export const noProgress = z.strictObject({});

/** The types of a definition's jobs: `Job<typeof fetchPage>['result']`. */
export interface Job<Definition extends Pick<QueueDefinition<never>, 'payload' | 'result' | 'progress'>> {
  readonly payload: z.output<Definition['payload']>;
  readonly result: z.output<Definition['result']>;
  readonly progress: z.output<Definition['progress']>;
}

/**
 * Defines a queue, whole: the registry, the system groups, redaction, settings, `doctor`, the board and the documents
 * follow from it. The same payload always gives the same id, so that enqueueing it twice is enqueueing it once.
 */
export function defineJob<Payload, Result, Progress, Resources>(definition: {
  readonly name: string;
  readonly system: string;
  readonly summary: string;
  /** What its handler asks of other systems: it sets the queue's budgets, and the services that `doctor` checks. */
  readonly calls: readonly Call[];
  readonly payload: z.ZodType<Payload>;
  readonly result: z.ZodType<Result>;
  readonly progress: z.ZodType<Progress>;
  readonly id: (payload: Payload) => string;
  /** Which jobs are one of many that must not keep others waiting; by default none. */
  readonly isBulk?: (payload: Payload) => boolean;
  readonly policy: Policy;
  /** By default foreign producers add no jobs. */
  readonly open?: OpenForm;
  /** By default none beside the shared ones. */
  readonly errors?: readonly ErrorEntry[];
  readonly handler: () => Promise<{ readonly handler: Handler<Resources> }>;
}): JobDefinition<Payload, Result, Progress, Resources> {
  const { name, policy, id, isBulk = () => false, open = null, errors = [], ...rest } = definition;
  return {
    ...rest,
    name,
    policy,
    open,
    errors,
    spec(payload) {
      const parsed = definition.payload.parse(payload);
      return { queue: name, id: id(parsed), payload: parsed, policy, isBulk: isBulk(parsed) };
    },
  };
}
