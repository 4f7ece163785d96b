import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { KnownRequest } from '../../jobs/flows/find-request.ts';
import type { Flow } from '../../jobs/flows/flow.ts';
import type { App } from '../../src/app/app.ts';
import { recordReading } from '../../src/store/audit/readings.ts';
import { callerOf } from './guard.ts';
import { problems, Refused } from './problem.ts';
import { params, requestOf } from './request-of.ts';

const jsonLines = 'application/x-ndjson';
const tags = ['jobs'];
const lines = (description: string) => ({ description, content: { [jsonLines]: { schema: z.string() } } });

/** The results of batches, which are streamed: no result of a request holds them. */
export function resultRoutes(scope: FastifyInstance, app: App): void {
  const server = scope.withTypeProvider<ZodTypeProvider>();

  server.get(
    '/jobs/:id/results',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Get the results of a batch',
        tags,
        operationId: 'get-results',
        params,
        description: 'One JSON object a line, in input order, once the request has succeeded.',
        response: { 200: lines('The results, as JSONL'), ...problems(401, 403, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request, app.config);
      const known = await requestOf(app, request.params.id, caller);
      const results = await known.flow.results?.read(app, known.id);
      if (results == null) throw await missing(app, known);
      await recordReading(app.audit, { by: caller.by, details: { request: known.id, results: true } });
      return await send(reply, Readable.from(results, { objectMode: false }));
    },
  );

  server.get(
    '/jobs/:id/rejects',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Get the lines of a batch that were left out',
        tags,
        operationId: 'get-rejects',
        params,
        description: '`{line, code, message}` for each invalid line, with `onBadLine: skip`.',
        response: { 200: lines('The lines, as JSONL'), ...problems(401, 403, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      const known = await requestOf(app, request.params.id, callerOf(request, app.config));
      const rejects = await known.flow.results?.rejects(app, known.id);
      if (rejects == null) throw await missing(app, known);
      return await send(reply, Readable.from([rejects]));
    },
  );
}

async function send(reply: FastifyReply, content: Readable): Promise<FastifyReply> {
  return await reply.type(jsonLines).send(content);
}

async function missing(app: App, known: KnownRequest): Promise<Refused> {
  const { state } = await known.flow.status(app, known);
  const detail = `${known.id} has no results to stream: it is ${state}`;
  return state === 'waiting' || state === 'running'
    ? new Refused(409, 'not-finished', `${detail}. Get them once it has succeeded`)
    : new Refused(404, 'no-results', detail);
}

/** A result that holds counts only, with where the results are. @param self the URL of the request */
export function withResultUrls({ results }: Flow, self: string, result: unknown): unknown {
  if (results === undefined || typeof result !== 'object' || !results.areCountedIn(result)) return result;
  const hasRejects = result !== null && 'rejects' in result;
  return { ...result, resultsUrl: `${self}/results`, ...(hasRejects && { rejectsUrl: `${self}/rejects` }) };
}
