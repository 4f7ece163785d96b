import Fastify, { type FastifyInstance } from 'fastify';
import { vendoredModel } from '../../src/edges/embedder/model.ts';
import { MlopsError, systemCode } from '../../src/errors.ts';
import { boardPath } from '../../src/operators/board.ts';
import { type Readiness, readiness } from '../../src/operators/readiness.ts';
import type { House } from '../house.ts';
import { boardScope } from './board.ts';
import { metrics } from './metrics.ts';

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
    looking ??= readiness({ ...house, modelPath: house.config.modelPath ?? vendoredModel() }).finally(() => {
      looking = null;
    });
    const state = await looking;
    return await reply.status(state.ready ? 200 : 503).send(state);
  });
  server.get('/', (_, reply) => reply.redirect(boardPath));
  await server.register(metrics(house));
  await server.register(boardScope(house), { prefix: boardPath });
  return { url: await listen(server, http), close: () => server.close() };
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
