import type { JobContext } from '../../src/runtime/handler.ts';
import type { Job } from '../../src/runtime/job.ts';
import type { Outcome as JobOutcome } from '../../src/runtime/outcome.ts';
import type { Resources } from '../resources.ts';
import type { pollTraining } from './job.ts';

/** What the handler of this queue needs. */
export type Needs = Pick<
  Resources,
  | 'tenant'
  | 'trainings'
  | 'models'
  | 'uploads'
  | 'cxone'
  | 'downloads'
  | 'cancellations'
  | 'audit'
  | 'webhooks'
  | 'outbox'
  | 'queues'
>;
export type Context = JobContext<typeof pollTraining, Needs>;
export type Outcome = JobOutcome<Job<typeof pollTraining>['result']>;
