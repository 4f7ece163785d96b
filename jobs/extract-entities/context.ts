import type { JobContext } from '../../src/runtime/handler.ts';
import type { Job } from '../../src/runtime/job.ts';
import type { Outcome as JobOutcome } from '../../src/runtime/outcome.ts';
import type { Resources } from '../resources.ts';
import type { extractEntities } from './job.ts';

/** What the handler of this queue needs. */
export type Needs = Pick<
  Resources,
  | 'tenant'
  | 'cxone'
  | 'budget'
  | 'entities'
  | 'answers'
  | 'unfinished'
  | 'sealing'
  | 'extractions'
  | 'uploads'
  | 'inferences'
  | 'cancellations'
>;
export type Context = JobContext<typeof extractEntities, Needs>;
export type Outcome = JobOutcome<Job<typeof extractEntities>['result']>;
