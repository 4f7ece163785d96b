import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  listRequests,
  mostPerPage,
  requestKinds,
  requestStates,
  requestsPage,
} from '../../jobs/flows/list-requests.ts';
import type { App } from '../../src/app/app.ts';
import { callerOf } from '../http/guard.ts';
import { problems } from '../http/problem.ts';

const query = z.strictObject({
  kind: z.enum(requestKinds).optional(),
  state: z.enum(requestStates).optional().describe('open: waiting or running'),
  dataset: z.string().max(200).optional().describe('Only requests for this dataset'),
  since: z.iso.datetime({ offset: true }).optional().describe('Only requests made at this time or later'),
  limit: z.coerce.number().int().min(1).max(mostPerPage).default(50),
  cursor: z.string().max(300).optional().describe('The `next` of the page before, with the same filters'),
});

/** `GET /v1/requests`: the list of requests, in pages; a requester's are those of its own name. */
export function requestRoutes(scope: FastifyInstance, app: App): void {
  scope.withTypeProvider<ZodTypeProvider>().get(
    '/requests',
    {
      config: { access: 'read' },
      schema: {
        summary: 'List requests, newest first',
        tags: ['jobs'],
        operationId: 'list-requests',
        querystring: query,
        response: { 200: requestsPage.meta({ description: 'A page of requests' }), ...problems(400, 401, 422, 503) },
      },
    },
    async request => {
      const caller = callerOf(request, app.config);
      const { dataset, since, kind, state, limit, cursor } = request.query;
      return await listRequests(app, {
        limit,
        cursor,
        ...(kind === undefined ? {} : { kind }),
        ...(state === undefined ? {} : { state }),
        ...(dataset === undefined ? {} : { subject: dataset }),
        ...(caller.role === 'requester' ? { owners: caller.owners } : {}),
        ...(since === undefined ? {} : { since: Date.parse(since) }),
      });
    },
  );
}
