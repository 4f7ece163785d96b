import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findError } from '../../jobs/errors.ts';
import { cancelRequest } from '../../jobs/flows/cancel-request.ts';
import { type KnownRequest, specOf } from '../../jobs/flows/find-request.ts';
import { flows } from '../../jobs/flows/flows.ts';
import { pausedQueue } from '../../jobs/flows/paused-queue.ts';
import type { RequestFailure, RequestStatus } from '../../jobs/flows/request-status.ts';
import type { App } from '../../src/app/app.ts';
import { isCoded } from '../../src/errors.ts';
import { recordFirstReading } from '../../src/store/audit/readings.ts';
import { callerOf } from './guard.ts';
import { reportHeaders } from './page-headers.ts';
import { problems, Refused } from './problem.ts';
import { baseOf } from './public-address.ts';
import { params, requestOf } from './request-of.ts';
import { resultShape, shownResult } from './result.ts';
import { resultRoutes, withResultUrls } from './results.ts';

const oneOfResults = z.union(flows.map(({ noun, result }) => resultShape(result).meta({ title: `Result of ${noun}` })));

const job = z.object({
  id: z.string(),
  queue: z.string(),
  state: z.enum(['waiting', 'running', 'succeeded', 'failed', 'cancelled']),
  paused: z
    .literal(true)
    .optional()
    .describe('A queue of the request is paused: it continues when an operator resumes it'),
  progress: z.looseObject({}).describe('Progress while the request waits or runs'),
  result: oneOfResults.optional().describe('The result, if it has succeeded; as printed by `--json` of the command'),
  error: z
    .object({
      code: z.string(),
      message: z.string(),
      remedy: z.string().optional().describe('How to fix a failure with this code'),
    })
    .optional()
    .describe('Why it failed'),
  links: z.object({ self: z.string(), report: z.string().optional() }),
});
type JobView = z.infer<typeof job>;

const cancelledJob = job.extend({
  goesOn: z.array(z.string()).describe('What continues on the platform or in the system'),
});

const tags = ['jobs'];

/** Status and cancelling of accepted requests. */
export function jobRoutes(scope: FastifyInstance, app: App): void {
  const server = scope.withTypeProvider<ZodTypeProvider>();
  resultRoutes(scope, app);

  server.get(
    '/jobs/:id',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Get status and result',
        tags,
        operationId: 'get-job',
        params,
        response: { 200: job.meta({ description: 'Current status' }), ...problems(401, 403, 404, 503) },
      },
    },
    async request => {
      const caller = callerOf(request, app.config);
      const known = await requestOf(app, request.params.id, caller);
      const status = await currentStatus(app, known);
      if (known.flow.quotesTexts === true && status.state === 'succeeded')
        await recordFirstReading(app.audit, { by: caller.by, details: { request: known.id } });
      return await view(app, known, status, request);
    },
  );

  server.delete(
    '/jobs/:id',
    {
      config: { access: 'request' },
      schema: {
        summary: 'Cancel a request',
        tags,
        operationId: 'cancel-job',
        params,
        description: 'Durable and idempotent: remaining work is not started. Effects so far are not reverted.',
        response: {
          200: cancelledJob.meta({ description: 'Cancelled' }),
          202: cancelledJob.meta({
            description: 'Cancelled, but part of it cannot be stopped: see `goesOn`',
          }),
          ...problems(401, 403, 404, 409, 503),
        },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request, app.config);
      const known = await requestOf(app, request.params.id, caller);
      refuseFinished(known, await known.flow.status(app, known));
      const { status, goesOn } = await cancelRequest(app, known.flow, known, caller.by);
      refuseFinished(known, status);
      return await reply
        .status(status.state === 'cancelled' ? 200 : 202)
        .send({ ...(await view(app, known, status, request)), goesOn: [...goesOn] });
    },
  );

  server.get(
    '/jobs/:id/report',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Get the report as an HTML page',
        tags,
        operationId: 'get-report',
        params,
        response: {
          200: { description: 'The page', content: { 'text/html': { schema: z.string() } } },
          ...problems(401, 403, 404, 503),
        },
      },
    },
    async (request, reply) => {
      const known = await requestOf(app, request.params.id, callerOf(request, app.config));
      if (known.flow.report === null) throw reportMissing(known);
      const page = await known.flow.report(app, known.id).catch((error: unknown) => {
        throw isCoded(error, 'ARTIFACT_MISSING') ? reportMissing(known) : error;
      });
      void reply.headers(reportHeaders);
      return await reply.type('text/html; charset=utf-8').send(page.toString('utf8'));
    },
  );
}

function reportMissing({ id }: KnownRequest): Refused {
  return new Refused(404, 'no-report', `${id} has no report (yet)`);
}

function refuseFinished({ id }: KnownRequest, { state }: RequestStatus<unknown>): void {
  if (state !== 'succeeded' && state !== 'failed') return;
  throw new Refused(409, 'job-over', `${id} has already ${state} and cannot be cancelled`);
}

/** Finished jobs are kept at least this long: a job missing earlier was lost. */
const rememberedMs = 7 * 24 * 3_600_000;

/** The status. A job that Redis has lost is enqueued again and resumes where it stopped. */
async function currentStatus(app: App, known: KnownRequest): Promise<RequestStatus<unknown>> {
  const status = await known.flow.status(app, known);
  if (status.state !== 'waiting' && status.state !== 'running') return status;
  if (!status.isLost || known.accepted === null) return status;
  if (Date.now() - Date.parse(known.accepted.at) > rememberedMs)
    return {
      state: 'failed',
      error: { code: 'EXPIRED', message: 'its job is no longer kept. Send the request again' },
    };
  await app.queues.enqueue([specOf(known.accepted)], { restart: 'always' });
  return status;
}

async function view(
  app: Pick<App, 'config' | 'queues'>,
  known: KnownRequest,
  status: RequestStatus<unknown>,
  request: FastifyRequest,
): Promise<JobView> {
  const self = `${baseOf(request, app.config)}/v1/jobs/${known.id}`;
  const hasReport = status.state === 'succeeded' && known.flow.report !== null;
  return {
    id: known.id,
    queue: known.flow.queue,
    state: status.state,
    ...((await pausedQueue(app, known.flow, status)) === null ? {} : { paused: true as const }),
    progress: 'progress' in status ? { ...status.progress } : {},
    ...(status.state === 'succeeded'
      ? { result: shownResult(app, withResultUrls(known.flow, self, status.result)) }
      : {}),
    ...(status.state === 'failed' ? { error: { ...status.error, ...remedyOf(status.error) } } : {}),
    links: { self, ...(hasReport ? { report: `${self}/report` } : {}) },
  };
}

/** Without a remedy if the code is not one of this system. */
function remedyOf({ code }: RequestFailure): { readonly remedy?: string } {
  const known = findError(code);
  return known === undefined ? {} : { remedy: known.remedy };
}
