import type { JobContext } from '../../src/runtime/handler.ts';
import type { Job } from '../../src/runtime/job.ts';
import type { Outcome as JobOutcome } from '../../src/runtime/outcome.ts';
import type { Resources } from '../resources.ts';
import type { embedAndDedup } from './job.ts';

/** What the handler of this queue needs. */
export type Needs = Pick<
  Resources,
  | 'tenant'
  | 'runs'
  | 'datasets'
  | 'vectorIndex'
  | 'cancellations'
  | 'embedder'
  | 'dedupers'
  | 'webhooks'
  | 'outbox'
  | 'queues'
>;
export type Context = JobContext<typeof embedAndDedup, Needs>;
export type Outcome = JobOutcome<Job<typeof embedAndDedup>['result']>;

/** The result of a job that ends because its input is missing and its run has failed. */
export const undone = { complete: false } as const;
