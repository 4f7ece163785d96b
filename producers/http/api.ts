import type { FastifyInstance, FastifyReply } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { App } from '../../src/app/app.ts';
import { MlopsError } from '../../src/errors.ts';
import { hookRoute } from '../alerts/hook-route.ts';
import { alertRoutes } from '../alerts/route.ts';
import { datasetRoutes } from '../datasets/route.ts';
import { failedJobRoutes } from '../failed-jobs/route.ts';
import { modelRoutes } from '../models/route.ts';
import { requestRoutes } from '../requests/route.ts';
import { scheduleRoutes } from '../schedules/route.ts';
import { thresholdRoutes } from '../thresholds/route.ts';
import { accept } from './accept.ts';
import { openResultWaits, type ResultWaits } from './await-result.ts';
import type { FlowRoute } from './flow-route.ts';
import { flowRoutes } from './flow-routes.ts';
import { callerOf } from './guard.ts';
import { validateRequest } from './invalid-request.ts';
import { jobRoutes } from './jobs.ts';
import { longestWaitS, waitPreference } from './preference.ts';
import { problems } from './problem.ts';
import { baseOf } from './public-address.ts';
import { resultShape, shownResult } from './result.ts';
import { withResultUrls } from './results.ts';
import { openUploadChecks, type UploadChecks } from './upload-checks.ts';
import { uploadRoute } from './uploads.ts';

/** Time limit of the checks before the answer, in ms, where the route states no other. */
const checkMs = 20_000;

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
  prefer: z
    .string()
    .optional()
    .describe('RFC 7240. `wait=N`: answer 200 with the result if it is there within N seconds (up to 30)'),
});

/** Everything under /v1: a route per flow, uploads, and accepted requests. */
export function api(app: App) {
  return async (scope: FastifyInstance): Promise<void> => {
    scope.setValidatorCompiler(validateRequest);
    scope.setSerializerCompiler(serializerCompiler);
    const checks = openUploadChecks();
    const waits = openResultWaits();
    scope.addHook('preClose', async () => waits.end());
    // A connection that was busy when the server began to stop would stay open until its client closes it.
    scope.addHook('onSend', async (_, reply) => {
      if (waits.isOver()) void reply.header('connection', 'close');
    });
    for (const route of flowRoutes) requestRoute(scope, app, route, { waits, checks });
    jobRoutes(scope, app);
    requestRoutes(scope, app);
    datasetRoutes(scope, app);
    alertRoutes(scope, app);
    await scope.register(hookRoute(app));
    modelRoutes(scope, app);
    thresholdRoutes(scope, app);
    scheduleRoutes(scope, app);
    failedJobRoutes(scope, app);
    await scope.register(uploadRoute(app));
  };
}

interface Turns {
  readonly waits: ResultWaits;
  readonly checks: UploadChecks;
}

function requestRoute(scope: FastifyInstance, app: App, route: FlowRoute, { waits, checks }: Turns): void {
  const { flow, summary, description, body, examples, timeoutMs = checkMs } = route;
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
          200: resultShape(flow.result).meta({
            description: 'The result, with `Preference-Applied`: it was there within the time of `Prefer: wait`',
          }),
          202: accepted.meta({ description: 'Accepted. Get the status at `statusUrl`' }),
          ...problems(400, 401, 403, 409, 413, 415, 422, 503),
        },
      },
      config: { access: 'request' },
      handlerTimeout: timeoutMs + longestWaitS * 1_000,
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      const waitS = waitPreference(request.headers.prefer);
      const caller = callerOf(request, app.config);
      const known = waitS === null || key !== undefined ? null : await route.immediate?.(request.body, { app, caller });
      if (waitS !== null && known != null) return await sendResult(reply, waitS, shownResult(app, known));

      const left = new AbortController();
      // Also after an answer, such as that the request took too long: then the checks stop.
      reply.raw.once('close', () => left.abort(new MlopsError('ABORTED', 'the client has disconnected')));
      const checking = openTimeLimit(timeoutMs);
      const isAwaited = () => !checking.isOver() && !reply.sent && !request.raw.socket.destroyed;
      const awaiting = { checks, signal: left.signal, isAwaited };
      const { id, queue, payload } = await checking.of(accept(app, route, request.body, caller, key, awaiting));
      const statusUrl = `${baseOf(request, app.config)}/v1/jobs/${id}`;
      void reply.header('location', statusUrl);
      if (waitS !== null) {
        const status = () => flow.status(app, { id, payload });
        const awaited = await waits.until(status, waitS * 1_000, request.signal);
        if (awaited !== null)
          return await sendResult(reply, waitS, shownResult(app, withResultUrls(flow, statusUrl, awaited.result)));
      }
      return await reply.status(202).send({ id, queue, statusUrl });
    },
  );
}

async function sendResult(reply: FastifyReply, waitS: number, result: object): Promise<FastifyReply> {
  return await reply.status(200).header('preference-applied', `wait=${waitS}`).send(result);
}

/** A time limit of work that cannot be aborted; it throws an error with status 503. */
function openTimeLimit(ms: number) {
  let isOver = false;
  return {
    isOver: () => isOver,
    async of<Value>(work: Promise<Value>): Promise<Value> {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          isOver = true;
          reject(Object.assign(new Error('the checks took too long'), { statusCode: 503 }));
        }, ms);
      });
      return await Promise.race([work, late]).finally(() => clearTimeout(timer));
    },
  };
}
