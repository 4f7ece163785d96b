import type { z } from 'zod';
import type { RequestStatus } from '../../jobs/flows/request-status.ts';
import type { App } from '../../src/app/app.ts';
import type { JobSpec } from '../../src/runtime/job-spec.ts';

/** A request on its way in. */
export interface Asking {
  readonly app: App;
  /** Makes the id of the first job: the same for the same request, however often it comes. */
  readonly token: string;
  /** A hash of the body. */
  readonly body: string;
  readonly by: string;
}

/** A request that was accepted: the id of its first job, and that job's payload where anybody still knows it. */
export interface Accepted {
  readonly id: string;
  readonly payload: unknown;
}

/**
 * What upstream systems may ask for: a route to ask, how a body becomes the first job, and how the whole of it stands.
 * One file each in `flows/`, and one line in `flows/all.ts`.
 */
export interface Flow {
  /** The route: `POST /v1/<name>`. */
  readonly name: string;
  /** The queue of the first job, and what its ids begin with: `tuning` of `tuning.<token>`. */
  readonly queue: string;
  readonly kind: string;
  readonly summary: string;
  readonly description: string;
  readonly body: z.ZodType;
  readonly examples: readonly unknown[];
  /** What `--json` of the command prints. */
  readonly result: z.ZodType;
  /** How long the checks before the answer may take. */
  readonly patienceMs?: number;
  /**
   * Refuses what cannot be, as the command does, and makes the order of the first job.
   * @throws MlopsError
   */
  spec(body: unknown, asking: Asking): Promise<JobSpec>;
  /** Whether the store knows of it, where Redis has forgotten it. */
  isKnown(app: App, id: string): Promise<boolean>;
  status(app: App, accepted: Accepted): Promise<RequestStatus<unknown>>;
  /** Takes what waits out of the queues, once the request is marked as cancelled. @returns what goes on nevertheless, for people */
  stop(app: App, accepted: Accepted): Promise<readonly string[]>;
  /** An HTML page about the result. @throws MlopsError ARTIFACT_MISSING */
  report?(app: App, accepted: Accepted): Promise<Buffer>;
}

/** A flow, with the body that its route takes known to `order`. */
export function defineFlow<Body extends z.ZodType>(
  flow: Omit<Flow, 'body' | 'examples' | 'spec'> & {
    readonly body: Body;
    readonly examples: readonly z.input<Body>[];
    spec(body: z.output<Body>, asking: Asking): Promise<JobSpec>;
  },
): Flow {
  return { ...flow, spec: async (body, asking) => await flow.spec(flow.body.parse(body), asking) };
}
