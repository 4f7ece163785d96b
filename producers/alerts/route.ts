import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { App } from '../../src/app/app.ts';
import { alert, alertStates, outcomes } from '../../src/domain/sentiment/alert.ts';
import { precisionReport, shownPrecision } from '../../src/domain/sentiment/precision.ts';
import { callerOf } from '../http/guard.ts';
import { problems, Refused } from '../http/problem.ts';
import { closedAlert } from './outcome.ts';

const tags = ['alerts'];
const time = (what: string) =>
  z.iso
    .datetime({ offset: true })
    .transform(text => new Date(text).toISOString())
    .optional()
    .describe(what);

const query = z.strictObject({
  state: z.enum(alertStates).optional(),
  emotion: z.string().min(1).max(64).optional(),
  directive: z.string().min(1).max(64).optional(),
  since: time('Only alerts raised at this time or later'),
  until: time('Only alerts raised before this time'),
  calibration: z.coerce.number().int().positive().optional().describe('Version of the calibration'),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(300).optional().describe('The `next` of the page before, with the same filters'),
});

const page = z.object({ alerts: z.array(alert), next: z.string().nullable() });

const judgement = z.strictObject({
  outcome: z.enum(outcomes),
  reason: z.string().max(2_000).optional().describe('Why, without a customer’s text'),
});

/** What the alerts were, whether they were right, and saying so. */
export function alertRoutes(scope: FastifyInstance, app: App): void {
  const server = scope.withTypeProvider<ZodTypeProvider>();

  server.get(
    '/alerts',
    {
      config: { access: 'read' },
      schema: {
        summary: 'List alerts, newest first',
        tags,
        operationId: 'list-alerts',
        querystring: query,
        response: { 200: page.meta({ description: 'A page of alerts' }), ...problems(400, 401, 403, 503) },
      },
    },
    async ({ query: { limit, cursor = null, ...filter } }) => {
      const found = await app.alerts.page(filter, { after: cursor, limit });
      if (found === null)
        throw new Refused(400, 'invalid', 'cursor is not valid. Send the `next` of the page before', {}, [
          { field: 'cursor', message: 'is not valid' },
        ]);
      return { alerts: [...found.alerts], next: found.next };
    },
  );

  server.post(
    '/alerts/:id/outcome',
    {
      config: { access: 'review' },
      schema: {
        summary: 'Confirm or refute an alert',
        tags,
        operationId: 'close-alert',
        params: z.object({ id: z.string().min(1).max(256) }),
        body: judgement.meta({ examples: [{ outcome: 'confirmed' }, { outcome: 'refuted', reason: 'irony' }] }),
        response: {
          200: alert.meta({ description: 'The closed alert' }),
          ...problems(400, 401, 403, 404, 409, 413, 415, 503),
        },
      },
    },
    async request => {
      const { outcome, reason = null } = request.body;
      const { by } = callerOf(request, app.config);
      return await closedAlert(app.alerts, request.params.id, { outcome, reason, by });
    },
  );

  server.get(
    '/precision',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Get the precision of alerts',
        tags,
        operationId: 'get-precision',
        description: 'As a whole, and per trigger, emotion, directive, UTC day and calibration.',
        response: { 200: shownPrecision.meta({ description: 'The precision' }), ...problems(401, 403, 503) },
      },
    },
    async () => shownPrecision.parse(precisionReport(await app.alerts.counts())),
  );
}
