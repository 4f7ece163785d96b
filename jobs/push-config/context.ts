import type { JobContext } from '../../src/runtime/handler.ts';
import type { Job } from '../../src/runtime/job.ts';
import type { Outcome as JobOutcome } from '../../src/runtime/outcome.ts';
import type { Resources } from '../resources.ts';
import type { pushConfig } from './job.ts';

/** What the handler of this queue needs. */
export type Needs = Pick<
  Resources,
  'tenant' | 'pushes' | 'tunings' | 'cxone' | 'cancellations' | 'audit' | 'webhooks' | 'outbox' | 'queues'
>;
export type Context = JobContext<typeof pushConfig, Needs>;
export type Outcome = JobOutcome<Job<typeof pushConfig>['result']>;
