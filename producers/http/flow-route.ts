import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { Flow, FlowJob } from '../../jobs/flows/flow.ts';
import type { App } from '../../src/app/app.ts';
import type { Caller } from './guard.ts';
import type { UploadChecks } from './upload-checks.ts';

/** A request that is being accepted. */
export interface RequestContext {
  readonly app: App;
  /** Part of the first job's id; equal for repetitions of the same request. */
  readonly token: string;
  /** A hash of the body. */
  readonly body: string;
  /** The requester, who owns the request. */
  readonly caller: Caller;
  /** Aborts when the client no longer waits. */
  readonly signal: AbortSignal;
  /** Checks of uploaded files go through it. */
  readonly checks: UploadChecks;
}

/** A link of the board's page about a job; `path` is below the board's pages about jobs. */
export interface AboutLink {
  readonly text: string;
  readonly path: string;
}

/** Links on the board's page about a job, besides the request and its report. */
export interface AboutFlow {
  /** Adds the linked pages. */
  pages(scope: FastifyInstance, app: App): void;
  links(app: App, job: FlowJob): Promise<readonly AboutLink[]>;
}

/** What HTTP adds to a flow: `POST /v1/<noun>`, its body and its documentation. */
export interface FlowRoute {
  readonly flow: Flow;
  readonly summary: string;
  readonly description: string;
  readonly body: z.ZodType;
  readonly examples: readonly unknown[];
  /** Time limit of the checks before the answer, in ms. */
  readonly timeoutMs?: number;
  readonly about?: AboutFlow;
  /**
   * The result of a request whose client wants to wait for it (`Prefer: wait`), where it is known already: no job is made.
   * Not called for a request with an Idempotency-Key, which is recorded. `null`: the request takes its usual way.
   * @throws MlopsError, Refused
   */
  immediate?(body: unknown, context: Pick<RequestContext, 'app' | 'caller'>): Promise<unknown>;
  /**
   * The flow's parameters, with the data of the body stored as an upload.
   * @throws MlopsError, Refused
   */
  parameters(body: unknown, context: RequestContext): Promise<unknown>;
}

/** A route of a flow, with `parameters` typed by its body and the flow's parameters. */
export function defineRoute<Body extends z.ZodType, Parameters>(
  route: Omit<FlowRoute, 'flow' | 'body' | 'examples' | 'immediate' | 'parameters'> & {
    readonly flow: Flow<Parameters>;
    readonly body: Body;
    readonly examples: readonly z.input<Body>[];
    immediate?(body: z.output<Body>, context: Pick<RequestContext, 'app' | 'caller'>): Promise<unknown>;
    parameters(body: z.output<Body>, context: RequestContext): Promise<NoInfer<Parameters>>;
  },
): FlowRoute {
  return {
    ...route,
    immediate: async (body, context) => (await route.immediate?.(route.body.parse(body), context)) ?? null,
    parameters: async (body, context) => await route.parameters(route.body.parse(body), context),
  };
}
