import type { FastifyInstance } from 'fastify';
import { queueNames } from '../../jobs/registry.ts';
import type { App } from '../../src/app/app.ts';
import { openMetrics } from '../../src/operators/metrics/metrics.ts';
import { version } from '../version.ts';
import { visitorGuard } from './board-access.ts';

export const metricsPath = '/metrics';

/** What Prometheus scrapes, with a key or either login of the board. */
export function metrics(app: App) {
  return async (scope: FastifyInstance): Promise<void> => {
    const { config, redis } = app;
    const opened = openMetrics({ ...app, version, queueNames, limits: config.limits, client: redis.client });
    scope.get(metricsPath, { onRequest: visitorGuard(app) }, async (_, reply) =>
      reply.type(opened.contentType).send(await opened.text()),
    );
  };
}
