import { createHash, timingSafeEqual } from 'node:crypto';
import basicAuth from '@fastify/basic-auth';
import Fastify, { type FastifyInstance } from 'fastify';
import { queueNames } from '../../jobs/registry.ts';
import { MlopsError, systemCode } from '../../src/errors.ts';
import { board, boardPath } from '../../src/operators/board.ts';
import { type Readiness, readiness } from '../../src/operators/readiness.ts';
import type { House } from '../house.ts';

/** The HTTP side of the house: health, readiness and Bull Board. */
export interface HttpServer {
  readonly url: string;
  close(): Promise<void>;
}

const loopback: readonly string[] = ['127.0.0.1', '::1', 'localhost'];

/** @throws MlopsError BAD_CONFIG when it would listen beyond this machine without a login, or cannot listen */
export async function startHttp(house: House): Promise<HttpServer> {
  const { http, board: login, apiKeys } = house.config;
  if (login === null && apiKeys.length === 0 && !loopback.includes(http.host))
    throw new MlopsError(
      'BAD_CONFIG',
      `HTTP_HOST ${http.host} is reachable from elsewhere: set BOARD_USER and BOARD_PASSWORD, or API_KEYS, first`,
    );

  const server = Fastify({ logger: false });
  server.get('/healthz', () => ({ status: 'ok' }));
  let looking: Promise<Readiness> | null = null;
  server.get('/readyz', async (_, reply) => {
    // One look at a time: many of them must not block on a disk that hangs.
    looking ??= readiness(house).finally(() => {
      looking = null;
    });
    const state = await looking;
    return await reply.status(state.ready ? 200 : 503).send(state);
  });
  server.get('/', (_, reply) => reply.redirect(boardPath));
  await server.register(boardScope(house), { prefix: boardPath });
  return { url: await listen(server, http), close: () => server.close() };
}

/**
 * The board in a scope of its own, so that what it wants covers its pages, its API and its assets: the login or a key,
 * once either is set.
 */
function boardScope(house: House) {
  return async (scope: FastifyInstance) => {
    const { board: login, apiKeys } = house.config;
    if (login !== null || apiKeys.length > 0) {
      await scope.register(basicAuth, {
        authenticate: { realm: 'cxone-mlops' },
        validate: async (user, password) => {
          const isRight = login !== null && same(user, login.user) && same(password, login.password);
          return isRight ? undefined : new Error('wrong login');
        },
      });
      scope.addHook('onRequest', (request, reply, next) => {
        const given = request.headers.authorization ?? '';
        if (apiKeys.some(key => same(given, `Bearer ${key}`))) next();
        else scope.basicAuth(request, reply, next);
      });
    }
    await scope.register(board(house.queues, queueNames));
  };
}

/** Takes as long for a wrong text as for the right one. */
function same(given: string, wanted: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(wanted));
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
