import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { proveAccess } from '../../jobs/flows/flow.ts';
import { standingOf } from '../../jobs/flows/request-status.ts';
import { appliedVersion, rollbackSpec } from '../../jobs/flows/tuning/request.ts';
import { pushConfig } from '../../jobs/push-config/job.ts';
import type { App } from '../../src/app/app.ts';
import { difference, differenceTo } from '../../src/domain/push/difference.ts';
import { livePush, type Push, push } from '../../src/domain/push/push.ts';
import { putNlpConfig } from '../../src/platform/endpoints.ts';
import { callerOf } from '../http/guard.ts';
import { problems, Refused } from '../http/problem.ts';

const tags = ['thresholds'];
const number = z.coerce.number().int().positive();

const line = push
  .pick({ version: true, at: true, by: true, source: true, state: true, since: true, timesSent: true, reason: true })
  .extend({ globalThreshold: z.number(), intents: z.number().int(), isInForce: z.boolean() });
const detail = line.extend({ thresholds: push.shape.thresholds });

const rollback = z.object({
  id: z.string(),
  state: z.enum(['waiting', 'running', 'succeeded', 'failed']),
  version: z.number().int().nullable().describe('The version that it created, once the platform has accepted it'),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});

/** The thresholds that were pushed: their versions, differences and rollback. */
export function thresholdRoutes(scope: FastifyInstance, app: App): void {
  const server = scope.withTypeProvider<ZodTypeProvider>();
  const all = async () => (await app.pushes.read()).pushes;

  /** @throws Refused 404 */
  async function find(version: number): Promise<Push> {
    const found = (await all()).find(each => each.version === version);
    if (found === undefined) throw new Refused(404, 'no-such-version', `Version ${version} not found`);
    return found;
  }

  function lineOf(each: Push, live: Push | null): z.infer<typeof line> {
    const { version, at, by, source, state, since, timesSent, reason, thresholds } = each;
    const counts = { globalThreshold: thresholds.global, intents: thresholds.intents.length };
    return { version, at, by, source, state, since, timesSent, reason, ...counts, isInForce: each === live };
  }

  server.get(
    '/thresholds/versions',
    {
      config: { access: 'read' },
      schema: {
        summary: 'List versions of the thresholds, newest first',
        tags,
        operationId: 'list-thresholds',
        querystring: z.strictObject({
          before: number.optional().describe('Only versions before this one'),
          limit: z.coerce.number().int().min(1).max(100).default(20),
        }),
        response: {
          200: z.object({ versions: z.array(line) }).meta({ description: 'A page of versions' }),
          ...problems(400, 401, 403, 503),
        },
      },
    },
    async ({ query: { before, limit } }) => {
      const pushes = await all();
      const live = livePush(pushes);
      const found = pushes.filter(({ version }) => before === undefined || version < before).slice(-limit);
      return { versions: found.reverse().map(each => lineOf(each, live)) };
    },
  );

  server.get(
    '/thresholds/versions/:version',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Get the thresholds of a version',
        tags,
        operationId: 'get-thresholds',
        params: z.object({ version: number }),
        response: { 200: detail.meta({ description: 'The version' }), ...problems(400, 401, 403, 404, 503) },
      },
    },
    async ({ params }) => {
      const found = await find(params.version);
      const live = livePush(await all());
      return { ...lineOf(found, live?.version === found.version ? found : null), thresholds: found.thresholds };
    },
  );

  server.get(
    '/thresholds/difference',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Compare two versions',
        tags,
        operationId: 'compare-thresholds',
        querystring: z.strictObject({ from: number, to: number }),
        response: {
          200: difference.meta({ description: 'What changed from one version to the other' }),
          ...problems(400, 401, 403, 404, 503),
        },
      },
    },
    async ({ query: { from, to } }) => differenceTo(await find(from), (await find(to)).thresholds),
  );

  server.post(
    '/thresholds/rollbacks',
    {
      config: { access: 'request' },
      schema: {
        summary: 'Push the thresholds of an earlier version again',
        tags,
        operationId: 'roll-back-thresholds',
        description: 'They become a new version. Get the status at `/v1/thresholds/rollbacks/{id}`.',
        body: z.strictObject({ version: z.number().int().positive() }).meta({ examples: [{ version: 1 }] }),
        response: {
          202: z.object({ id: z.string(), queue: z.string() }).meta({ description: 'Accepted' }),
          ...problems(400, 401, 403, 404, 409, 415, 503),
        },
      },
    },
    async (request, reply) => {
      proveAccess(app.config, putNlpConfig);
      const { version } = request.body;
      const { state } = await find(version);
      if (state !== 'applied')
        throw new Refused(409, 'never-in-force', `Version ${version} was never in force (state: ${state})`);
      const { by } = callerOf(request, app.config);
      const spec = rollbackSpec(app.config.tenant.key, version, by);
      await app.queues.enqueue([spec], { restart: 'never' });
      return await reply.status(202).send({ id: spec.id, queue: spec.queue });
    },
  );

  server.get(
    '/thresholds/rollbacks/:id',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Get the status of a rollback',
        tags,
        operationId: 'get-rollback',
        params: z.object({ id: z.string().max(200) }),
        response: { 200: rollback.meta({ description: 'Its status' }), ...problems(401, 403, 404, 503) },
      },
    },
    async ({ params: { id } }) => {
      const job = await standingOf(app, { queue: pushConfig.name, id });
      // Read after the job: its effect is in the store before it counts as ended.
      const version = await appliedVersion(app, id);
      if (version !== null) return { id, state: 'succeeded' as const, version };
      if (job.state === 'unknown') throw new Refused(404, 'no-such-rollback', 'This rollback was not found');
      if (job.state === 'failed') return { id, state: 'failed' as const, version, error: job.failure };
      return { id, state: job.state === 'waiting' ? ('waiting' as const) : ('running' as const), version };
    },
  );
}
