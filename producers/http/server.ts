import Fastify, { type FastifyInstance } from 'fastify';
import type { App } from '../../src/app/app.ts';
import { openFailFastApp } from '../../src/app/fail-fast-app.ts';
import { vendoredModel } from '../../src/compute/embedding/model.ts';
import { isOpen } from '../../src/config/http.ts';
import { MlopsError, systemCode } from '../../src/errors.ts';
import { boardPath } from '../../src/operators/board.ts';
import { type Readiness, readiness } from '../../src/operators/readiness.ts';
import { settledWithin } from '../../src/runtime/settled-within.ts';
import { guardRoutes, type StatedRoute } from './access.ts';
import { api } from './api.ts';
import { boardScope } from './board.ts';
import { addDocs } from './docs.ts';
import { metrics } from './metrics.ts';
import { addPageHeaders } from './page-headers.ts';
import { answerProblem, answerWithProblems } from './problem-answers.ts';
import { prefixOf, trustOf, withoutPrefix } from './public-address.ts';
import { originGuard } from './same-origin.ts';

/** The HTTP server: API, its documentation, health checks, metrics and Bull Board. */
export interface HttpServer {
  readonly url: string;
  /** All routes with their access. */
  readonly routes: readonly StatedRoute[];
  close(): Promise<void>;
}

const loopback: readonly string[] = ['127.0.0.1', '::1', 'localhost'];
/** Time limit of a request, in ms. */
const timeoutMs = 20_000;
/** Time that requests in progress get when the server closes, in ms; then their connections are cut. */
const closeMs = 5_000;

/** @throws MlopsError BAD_CONFIG if it cannot listen, or would be reachable from other machines without a login */
export async function startHttp(app: App): Promise<HttpServer> {
  const { http } = app.config;
  if (isOpen(app.config) && !loopback.includes(http.host))
    throw new MlopsError(
      'BAD_CONFIG',
      `HTTP_HOST ${http.host} is reachable from other machines. Set BOARD_USER and BOARD_PASSWORD, or API_KEYS, first`,
    );

  const server = Fastify({
    logger: false,
    handlerTimeout: timeoutMs,
    routerOptions: { maxParamLength: 300 },
    rewriteUrl: ({ url = '/' }) => withoutPrefix(url, app.config),
    trustProxy: app.config.trustedProxies.length === 0 ? false : trustOf(app.config),
    frameworkErrors: (error, _, reply) => void answerProblem(error, reply, app.logger),
  });
  const failFast = await openFailFastApp(app);
  addPageHeaders(server);
  answerWithProblems(server, app.logger);
  server.addHook('onRequest', originGuard(app));
  const routes = guardRoutes(server, app);
  await addDocs(server, app);
  health(server, app);
  server.get('/', { config: { access: 'public' } }, (request, reply) =>
    reply.redirect(prefixOf(request, app.config) + boardPath),
  );
  await server.register(api(failFast.app), { prefix: '/v1' });
  await server.register(metrics(app));
  await server.register(boardScope(app), { prefix: boardPath });
  return {
    url: await listen(server, http).catch(async (error: unknown) => {
      await failFast.close();
      throw error;
    }),
    routes: routes(),
    async close() {
      const closed = server.close();
      if (!(await settledWithin(closeMs, closed))) {
        server.server.closeAllConnections();
        await settledWithin(closeMs, closed);
      }
      await failFast.close();
    },
  };
}

function health(server: FastifyInstance, app: App): void {
  server.get('/healthz', { config: { access: 'public' } }, () => ({ status: 'ok' }));
  let checking: Promise<Readiness> | null = null;
  server.get('/readyz', { config: { access: 'public' } }, async (_, reply) => {
    // One check at a time, so that requests do not pile up on a disk that hangs.
    checking ??= readiness({ ...app, modelPath: app.config.modelPath ?? vendoredModel() }).finally(() => {
      checking = null;
    });
    const state = await checking;
    return await reply.status(state.ready ? 200 : 503).send(state);
  });
}

async function listen(server: FastifyInstance, { host, port }: { host: string; port: number }): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (error) {
    await server.close();
    throw new MlopsError(
      'BAD_CONFIG',
      `cannot listen on HTTP_HOST ${host}, HTTP_PORT ${port}: ${systemCode(error) ?? String(error)}. Set HTTP_PORT to a free port`,
    );
  }
}
