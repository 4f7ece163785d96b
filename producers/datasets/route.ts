import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { App } from '../../src/app/app.ts';
import { datasetIdentity, datasetName } from '../../src/domain/dataset/identity.ts';
import { manifest } from '../../src/domain/dataset/manifest.ts';
import { recordReading } from '../../src/store/audit/readings.ts';
import { exportFormats, linesOf, objectOf } from '../../src/store/datasets/export.ts';
import { type RowKind, rowsOf } from '../../src/store/datasets/rows.ts';
import { callerOf } from '../http/guard.ts';
import { problems } from '../http/problem.ts';
import { proveReader } from './reader.ts';
import { datasetSummary, summaryOf } from './summary.ts';

const tags = ['datasets'];
const params = z.object({ dataset: datasetName });
const version = z.coerce.number().int().positive().optional().describe('Default: the current version');

const detail = datasetSummary.extend({
  settings: datasetIdentity.omit({ tenant: true }),
  lastRun: z.string(),
  versions: z.number().int(),
});

const versionSummary = datasetSummary.extend({
  made: manifest.shape.made,
  at: z.string().describe('When the version was made'),
});

const row = z.object({
  interaction_id: z.string(),
  timestamp: z.string(),
  bot_id: z.string(),
  rating: z.number(),
  user_utterance: z.string(),
  bot_response: z.string(),
  similarity_score: z.number(),
  dedup_group: z.number().int(),
});

const stream = z.any().meta({ type: 'string', format: 'binary' });

const mostRows = 1_000;
const mostVersions = 100;

/** What datasets hold. Their texts are for operators, reviewers and the key that made the dataset; reading is audited. */
export function datasetRoutes(scope: FastifyInstance, app: App): void {
  const server = scope.withTypeProvider<ZodTypeProvider>();
  const { datasets } = app;

  server.get(
    '/datasets',
    {
      config: { access: 'read' },
      schema: {
        summary: 'List datasets',
        tags,
        operationId: 'list-datasets',
        response: {
          200: z.object({ datasets: z.array(datasetSummary) }).meta({ description: 'All datasets by name' }),
          ...problems(401, 403, 503),
        },
      },
    },
    async () => {
      const heads = [];
      for (const name of await datasets.names()) {
        const head = await datasets.head(name);
        if (head !== null) heads.push(summaryOf(head));
      }
      return { datasets: heads };
    },
  );

  server.get(
    '/datasets/:dataset',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Get a dataset’s settings and counts',
        tags,
        operationId: 'get-dataset',
        params,
        querystring: z.strictObject({ version }),
        response: { 200: detail.meta({ description: 'The dataset' }), ...problems(400, 401, 403, 404, 503) },
      },
    },
    async ({ params: { dataset }, query }) => {
      const found = await datasets.version(dataset, query.version);
      const { tenant, ...settings } = found.entry.identity;
      const versions = await datasets.length(dataset);
      return { ...summaryOf(found), settings, lastRun: found.entry.lastRun, versions };
    },
  );

  server.get(
    '/datasets/:dataset/versions',
    {
      config: { access: 'read' },
      schema: {
        summary: 'List versions, newest first',
        tags,
        operationId: 'list-versions',
        params,
        querystring: z.strictObject({
          before: z.coerce.number().int().positive().optional().describe('Only versions before this one'),
          limit: z.coerce.number().int().min(1).max(mostVersions).default(20),
        }),
        response: {
          200: z.object({ versions: z.array(versionSummary) }).meta({ description: 'A page of versions' }),
          ...problems(400, 401, 403, 404, 503),
        },
      },
    },
    async ({ params: { dataset }, query: { before, limit } }) => {
      const { number } = await datasets.version(dataset);
      const until = Math.min(number, (before ?? number + 1) - 1);
      const found = until < 1 ? [] : await datasets.lastVersions(dataset, until, limit);
      const versions = await Promise.all(
        found.reverse().map(async each => ({
          dataset,
          version: each.number,
          ...each.entry.rows,
          watermark: each.entry.watermark,
          made: each.entry.made,
          at: new Date(await datasets.writtenAt(dataset, each.number)).toISOString(),
        })),
      );
      return { versions };
    },
  );

  for (const [path, kind, summary] of [
    ['rows', 'kept', 'Get rows (texts)'],
    ['removals', 'removed', 'Get removed near-duplicates (texts)'],
  ] as const)
    server.get(
      `/datasets/:dataset/${path}`,
      {
        config: { access: 'read' },
        schema: {
          summary,
          tags,
          operationId: `get-${path}`,
          description: 'For operators, reviewers, and the key whose request created the dataset. Audited.',
          params,
          querystring: z.strictObject({
            version,
            from: z.coerce.number().int().nonnegative().default(0).describe('Number of the first row'),
            limit: z.coerce.number().int().min(1).max(mostRows).default(100),
          }),
          response: {
            200: z
              .object({
                dataset: z.string(),
                version: z.number().int(),
                rows: z.array(row),
                next: z.number().nullable(),
              })
              .meta({ description: 'A page of rows; `next` is the number of the first row of the next page' }),
            ...problems(400, 401, 403, 404, 503),
          },
        },
      },
      async request => {
        const { from, limit } = request.query;
        const found = await readable(request, request.params.dataset, request.query.version, kind);
        const rows: z.infer<typeof row>[] = [];
        let next: number | null = null;
        for await (const record of rowsOf(datasets, found.entry, kind, from)) {
          if (rows.length === limit) {
            next = from + limit;
            break;
          }
          rows.push(row.parse(objectOf(record)));
        }
        return { dataset: request.params.dataset, version: found.number, rows, next };
      },
    );

  server.get(
    '/datasets/:dataset/export',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Download a version (texts)',
        tags,
        operationId: 'export-dataset',
        description:
          'Streamed, as `dataset export` writes it. For operators, reviewers, and the key whose request created the dataset. Audited.',
        params,
        querystring: z.strictObject({
          version,
          format: z.enum(exportFormats).default('csv'),
          rows: z.enum(['kept', 'removed']).default('kept'),
        }),
        response: {
          200: {
            description: 'The rows',
            content: { 'text/csv': { schema: stream }, 'application/x-ndjson': { schema: stream } },
          },
          ...problems(400, 401, 403, 404, 503),
        },
      },
    },
    async (request, reply) => {
      const { format, rows } = request.query;
      const { dataset } = request.params;
      const found = await readable(request, dataset, request.query.version, rows);
      const name = `${dataset}-${found.number}${rows === 'kept' ? '' : '-removed'}.${format}`;
      return await reply
        .type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson')
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(Readable.from(linesOf(format, rowsOf(datasets, found.entry, rows)), { objectMode: false }));
    },
  );

  /** The version, once the caller may read its texts and the look at them is audited. */
  async function readable(request: FastifyRequest, dataset: string, wanted: number | undefined, kind: RowKind) {
    const caller = callerOf(request, app.config);
    const found = await datasets.version(dataset, wanted);
    await proveReader(app, caller, dataset);
    const details = { dataset, version: found.number, rows: kind, path: request.routeOptions.url ?? '' };
    await recordReading(app.audit, { by: caller.by, details });
    return found;
  }
}
