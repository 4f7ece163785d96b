import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { failureCodes, remedyFor } from '../../jobs/errors.ts';
import { queueNames } from '../../jobs/registry.ts';
import type { App } from '../../src/app/app.ts';
import { discardFailed, retryFailed, type Selection, selectFailed } from '../../src/operators/failed-work.ts';
import { callerOf } from '../http/guard.ts';
import { problems } from '../http/problem.ts';

const tags = ['failed jobs'];
const selection = z.strictObject({
  queue: z.enum(queueNames).optional().describe('Only jobs of this queue'),
  code: z.enum(failureCodes).optional().describe('Only jobs with this error code'),
  id: z.string().max(300).optional().describe('Only this job'),
});
const narrowed = selection.refine(given => Object.keys(given).length > 0, 'select jobs by queue, code or id');

const job = z.object({
  queue: z.string(),
  id: z.string(),
  code: z.string(),
  reason: z.string(),
  failedAt: z.string(),
  remedy: z.string(),
});

/** The jobs that failed, for operators: list, retry and discard them, as the command `jobs` does. */
export function failedJobRoutes(scope: FastifyInstance, app: App): void {
  const server = scope.withTypeProvider<ZodTypeProvider>();

  server.get(
    '/failed-jobs',
    {
      config: { access: 'operate' },
      schema: {
        summary: 'List failed jobs, newest first',
        tags,
        operationId: 'list-failed-jobs',
        querystring: selection.extend({ limit: z.coerce.number().int().min(1).max(500).default(100) }),
        response: {
          200: z
            .object({ jobs: z.array(job), total: z.number().int() })
            .meta({ description: 'The newest failed jobs that match, and how many do' }),
          ...problems(400, 401, 403, 503),
        },
      },
    },
    async ({ query: { limit, ...wanted } }) => {
      const all = await selectFailed(app, wanted);
      const newest = [...all].sort((one, other) => other.failedAt - one.failedAt).slice(0, limit);
      return {
        total: all.length,
        jobs: newest.map(({ queue, id, code, reason, failedAt }) => ({
          queue,
          id,
          code,
          reason,
          failedAt: new Date(failedAt).toISOString(),
          remedy: remedyFor(code),
        })),
      };
    },
  );

  for (const [path, summary, act] of [
    [
      'retry',
      'Retry failed jobs with a fresh set of attempts',
      async (wanted: Selection, by: string) => {
        const jobs = await selectFailed(app, wanted);
        await retryFailed(app, jobs, by);
        return jobs.length;
      },
    ],
    [
      'discard',
      'Delete failed jobs',
      async (wanted: Selection, by: string) => await discardFailed(app, await selectFailed(app, wanted), by),
    ],
  ] as const)
    server.post(
      `/failed-jobs/${path}`,
      {
        config: { access: 'operate' },
        schema: {
          summary,
          tags,
          operationId: `${path}-failed-jobs`,
          description: 'Recorded in the audit log beforehand.',
          body: narrowed,
          response: {
            200: z.object({ jobs: z.number().int() }).meta({ description: 'How many jobs' }),
            ...problems(400, 401, 403, 415, 503),
          },
        },
      },
      async request => ({ jobs: await act(request.body, callerOf(request, app.config).by) }),
    );
}
