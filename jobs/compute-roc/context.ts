import type { JobContext } from '../../src/runtime/handler.ts';
import type { Job } from '../../src/runtime/job.ts';
import type { Outcome as JobOutcome } from '../../src/runtime/outcome.ts';
import type { Resources } from '../resources.ts';
import type { computeRoc } from './job.ts';

/** What the handler of this queue needs. */
export type Needs = Pick<Resources, 'tenant' | 'tunings' | 'cancellations' | 'uploads' | 'pushes' | 'cxone'>;
export type Context = JobContext<typeof computeRoc, Needs>;
export type Outcome = JobOutcome<Job<typeof computeRoc>['result']>;
