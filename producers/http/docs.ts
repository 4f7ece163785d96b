import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { App } from '../../src/app/app.ts';
import { version } from '../version.ts';
import { stateAccess } from './access.ts';
import { flowRoutes } from './flow-routes.ts';
import { baseOf } from './public-address.ts';

export const docsPath = '/docs';

const about = `
Requests return 202 and an id; \`GET /v1/jobs/{id}\` returns the status. To make a request safe to retry, send an
\`Idempotency-Key\`. Errors are problem details (RFC 9457).
`.trim();

/** Documents the routes that are added after this call, as pages at /docs and as JSON at /docs/json. */
export async function addDocs(server: FastifyInstance, { config }: Pick<App, 'config'>): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'cxone-mlops',
        version,
        description: about,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: [
        ...flowRoutes.map(({ flow, summary }) => ({ name: flow.noun, description: summary })),
        { name: 'jobs', description: 'Status of requests' },
        { name: 'alerts', description: 'Alerts of the platform, and whether they were right' },
        { name: 'uploads', description: 'Files for requests' },
        { name: 'datasets', description: 'Curated training data' },
        { name: 'models', description: 'Trained models and their files' },
        { name: 'thresholds', description: 'Versions of the intent thresholds' },
        { name: 'schedules', description: 'Recurring runs' },
        { name: 'failed jobs', description: 'For operators: jobs that failed' },
      ],
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'One of API_KEYS or OPERATOR_KEYS' },
          login: { type: 'http', scheme: 'basic', description: 'BOARD_USER or REVIEWER_USER, with its password' },
        },
      },
      security: [{ key: [] }, { login: [] }, {}],
    },
    hideUntagged: true,
    transform: jsonSchemaTransform,
  });
  await server.register(async scope => {
    stateAccess(scope, 'information');
    await scope.register(swaggerUi, {
      routePrefix: docsPath,
      uiConfig: { docExpansion: 'list' },
      transformSpecificationClone: true,
      transformSpecification: (specification, request) => ({
        ...specification,
        servers: [{ url: baseOf(request, config) }],
      }),
      theme: { title: 'cxone-mlops' },
    });
  });
}
