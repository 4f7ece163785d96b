import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import type { App } from '../../src/app/app.ts';
import { MlopsError } from '../../src/errors.ts';
import { type Caller, callerOf, challenge, type Role } from './guard.ts';
import { Refused } from './problem.ts';
import { answerProblem } from './problem-answers.ts';

/** Who may use a route, by the roles of its access; `null`: no key or login is required. */
export const accesses = {
  /** Health, and what checks its sender itself. */
  public: null,
  /** Documentation and metrics, which hold neither texts nor requests. */
  information: ['operator', 'reviewer', 'requester', 'viewer'],
  /** Pages about all jobs, without texts. Changes are for operators. */
  board: ['operator', 'reviewer', 'viewer'],
  /** What is the same for all callers, and a requester's own requests, with their texts. */
  read: ['operator', 'reviewer', 'requester'],
  /** Making requests and cancelling one's own. */
  request: ['operator', 'requester'],
  /** Judging what the models said. */
  review: ['operator', 'reviewer'],
  operate: ['operator'],
} as const satisfies Record<string, readonly Role[] | null>;
export type Access = keyof typeof accesses;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may use the route. Every route states it, or its scope for it. */
    access?: Access;
  }
}

export interface StatedRoute {
  readonly method: string;
  readonly url: string;
  readonly access: Access;
}

/** States the access of the routes added to `scope` from now on that state none themselves. */
export function stateAccess(scope: FastifyInstance, access: Access): void {
  scope.addHook('onRoute', route => {
    route.config = { access, ...route.config };
  });
}

/**
 * Checks every request to the routes added after this call: credentials first, then the role. A server with a route that
 * states no access does not start.
 * @returns a function that lists these routes
 */
export function guardRoutes(server: FastifyInstance, app: Pick<App, 'config' | 'logger'>): () => StatedRoute[] {
  const routes: RouteOptions[] = [];
  server.addHook('onRoute', route => {
    routes.push(route);
  });
  server.addHook('onReady', async () => {
    const open = routes.filter(({ config }) => config?.access === undefined);
    const named = open.map(({ method, url }) => `${[method].flat().join(', ')} ${url}`);
    if (named.length > 0) throw new MlopsError('INTERNAL', `routes without a stated access: ${named.join('; ')}`);
  });
  server.addHook('onRequest', async (request, reply) => {
    if (request.is404) return;
    const access = request.routeOptions.config.access;
    try {
      proveAllowed(request, access, app.config);
    } catch (error) {
      if (error instanceof Refused && error.status === 401) challenge(reply, app);
      // Answered here, because a scope may have an error handler with another format.
      await answerProblem(error, reply, app.logger);
    }
  });
  return () =>
    routes.flatMap(({ method, url, config }) =>
      [method].flat().map(each => ({ method: each, url, access: config?.access ?? 'operate' })),
    );
}

/** @throws Refused 401, 403 */
function proveAllowed(request: FastifyRequest, access: Access | undefined, config: App['config']): void {
  const allowed: readonly Role[] | null = access === undefined ? [] : accesses[access];
  if (allowed === null) return;
  const caller = callerOf(request, config);
  if (!allowed.includes(caller.role)) throw forbidden(caller);
}

/** @throws Refused 403 */
export function forbidden({ role }: Pick<Caller, 'role'>): Refused {
  return new Refused(
    403,
    'forbidden',
    `The role of this key or login (${role}) does not allow this: see docs/http-api.md`,
  );
}
