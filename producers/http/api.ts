import type { FastifyInstance } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { App } from '../../src/app/app.ts';
import { MlopsError } from '../../src/errors.ts';
import { accept } from './accept.ts';
import type { FlowRoute } from './flow-route.ts';
import { flowRoutes } from './flow-routes.ts';
import { callerOf } from './guard.ts';
import { validateRequest } from './invalid-request.ts';
import { jobRoutes } from './jobs.ts';
import { problems } from './problem.ts';
import { baseOf } from './public-address.ts';
import { openUploadChecks, type UploadChecks } from './upload-checks.ts';
import { uploadRoute } from './uploads.ts';

const accepted = z.object({
  id: z.string().describe('Id of the whole request, which may take several jobs'),
  queue: z.string().describe('Queue of its first job'),
  statusUrl: z.string(),
});

const requestHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters')
    .optional()
    .describe('Requests with the same key and body count as one; keys are kept for at least a day'),
});

/** Everything under /v1: a route per flow, uploads, and accepted requests. */
export function api(app: App) {
  return async (scope: FastifyInstance): Promise<void> => {
    scope.setValidatorCompiler(validateRequest);
    scope.setSerializerCompiler(serializerCompiler);
    const checks = openUploadChecks();
    for (const route of flowRoutes) requestRoute(scope, app, route, checks);
    jobRoutes(scope, app);
    await scope.register(uploadRoute(app));
  };
}

function requestRoute(scope: FastifyInstance, app: App, route: FlowRoute, checks: UploadChecks): void {
  const { flow, summary, description, body, examples, timeoutMs } = route;
  const { noun } = flow;
  scope.withTypeProvider<ZodTypeProvider>().post(
    `/${noun}`,
    {
      schema: {
        summary,
        description,
        tags: [noun],
        operationId: `ask-${noun}`,
        headers: requestHeaders,
        body: body.meta({ examples: [...examples] }),
        response: {
          202: accepted.meta({ description: 'Accepted. Get the status at `statusUrl`' }),
          ...problems(400, 401, 409, 413, 415, 422, 503),
        },
      },
      ...(timeoutMs === undefined ? {} : { handlerTimeout: timeoutMs }),
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      const left = new AbortController();
      // Also after an answer, such as that the request took too long: then the checks stop.
      reply.raw.once('close', () => left.abort(new MlopsError('ABORTED', 'the client has disconnected')));
      const awaiting = { checks, signal: left.signal, isAwaited: () => !reply.sent && !request.raw.socket.destroyed };
      const caller = callerOf(request, app.config);
      const { id, queue } = await accept(app, route, request.body, caller, key, awaiting);
      const statusUrl = `${baseOf(request, app.config)}/v1/jobs/${id}`;
      return await reply.status(202).header('location', statusUrl).send({ id, queue, statusUrl });
    },
  );
}
