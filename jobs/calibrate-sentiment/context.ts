import type { JobContext } from '../../src/runtime/handler.ts';
import type { Job } from '../../src/runtime/job.ts';
import type { Outcome as JobOutcome } from '../../src/runtime/outcome.ts';
import type { Resources } from '../resources.ts';
import type { calibrateSentiment } from './job.ts';

/** What the handler of this queue needs. */
export type Needs = Pick<
  Resources,
  | 'tenant'
  | 'calibrations'
  | 'calibrationStatusPath'
  | 'cxone'
  | 'cancellations'
  | 'audit'
  | 'webhooks'
  | 'outbox'
  | 'queues'
>;
export type Context = JobContext<typeof calibrateSentiment, Needs>;
export type Outcome = JobOutcome<Job<typeof calibrateSentiment>['result']>;
