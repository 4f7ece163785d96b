import type { FastifyInstance } from 'fastify';
import { queueNames } from '../../jobs/registry.ts';
import type { App } from '../../src/app/app.ts';
import { openMetrics } from '../../src/operators/metrics/metrics.ts';
import { version } from '../version.ts';

export const metricsPath = '/metrics';

/** The metrics for Prometheus; requires any key or login. */
export function metrics(app: App) {
  return async (scope: FastifyInstance): Promise<void> => {
    const { config, redis } = app;
    const opened = openMetrics({ ...app, version, queueNames, limits: config.limits, client: redis.client });
    scope.get(metricsPath, { config: { access: 'information' } }, async (_, reply) =>
      reply.type(opened.contentType).send(await opened.text()),
    );
  };
}
