import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { Flow, FlowJob } from '../../jobs/flows/flow.ts';
import type { App } from '../../src/app/app.ts';

/** A request on its way in. */
export interface Asking {
  readonly app: App;
  /** Makes the id of the first job: the same for the same request, however often it is sent. */
  readonly token: string;
  /** A hash of the body. */
  readonly body: string;
  readonly by: string;
}

/** A link of the board's page about a job; `path` is below the board's pages about jobs. */
export interface AboutLink {
  readonly text: string;
  readonly path: string;
}

/** What the board's page about a job says of a flow beyond the request and its report. */
export interface AboutFlow {
  /** Adds the pages that the links lead to. */
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
  /** How long the checks before the answer may take. */
  readonly patienceMs?: number;
  readonly about?: AboutFlow;
  /**
   * The flow's parameters, with the data of the body stored as an upload.
   * @throws MlopsError, Refused
   */
  parameters(body: unknown, asking: Asking): Promise<unknown>;
}

/** A route of a flow, with the types of its body and of the flow's parameters known to `parameters`. */
export function defineRoute<Body extends z.ZodType, Parameters>(
  route: Omit<FlowRoute, 'flow' | 'body' | 'examples' | 'parameters'> & {
    readonly flow: Flow<Parameters>;
    readonly body: Body;
    readonly examples: readonly z.input<Body>[];
    parameters(body: z.output<Body>, asking: Asking): Promise<NoInfer<Parameters>>;
  },
): FlowRoute {
  return { ...route, parameters: async (body, asking) => await route.parameters(route.body.parse(body), asking) };
}
