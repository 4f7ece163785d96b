import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { App } from '../../src/app/app.ts';
import { registryEntry } from '../../src/domain/skill-training/registry-entry.ts';
import { problems, Refused } from '../http/problem.ts';

const tags = ['models'];
const model = z.object({ model: z.number().int().positive(), ...registryEntry.shape });
const stream = z.any().meta({ type: 'string', format: 'binary' });
const number = z.coerce.number().int().positive();

/** The registry of trained models, and their files. */
export function modelRoutes(scope: FastifyInstance, app: App): void {
  const server = scope.withTypeProvider<ZodTypeProvider>();

  /** @throws Refused 404 */
  async function find(wanted: number) {
    const found = (await app.models.list()).find(each => each.number === wanted);
    if (found === undefined) throw new Refused(404, 'no-such-model', `Model ${wanted} not found`);
    return found;
  }

  server.get(
    '/models',
    {
      config: { access: 'read' },
      schema: {
        summary: 'List models, newest first',
        tags,
        operationId: 'list-models',
        querystring: z.strictObject({
          skill: z.string().max(200).optional().describe('Only models of this skill'),
          before: number.optional().describe('Only models with a lower number'),
          limit: z.coerce.number().int().min(1).max(100).default(20),
        }),
        response: {
          200: z.object({ models: z.array(model) }).meta({ description: 'A page of models' }),
          ...problems(400, 401, 403, 503),
        },
      },
    },
    async ({ query: { skill, before, limit } }) => {
      const all = (await app.models.list()).filter(
        ({ number: each, entry }) =>
          (skill === undefined || entry.skillId === skill) && (before === undefined || each < before),
      );
      return {
        models: all
          .slice(-limit)
          .reverse()
          .map(({ number: each, entry }) => ({ model: each, ...entry })),
      };
    },
  );

  server.get(
    '/models/:model',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Get a model’s metrics, files and data',
        tags,
        operationId: 'get-model',
        params: z.object({ model: number }),
        response: { 200: model.meta({ description: 'The model' }), ...problems(400, 401, 403, 404, 503) },
      },
    },
    async ({ params }) => {
      const found = await find(params.model);
      return { model: found.number, ...found.entry };
    },
  );

  server.get(
    '/models/:model/files/:name',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Download a file of a model',
        tags,
        operationId: 'get-model-file',
        params: z.object({ model: number, name: z.string().min(1).max(200) }),
        response: {
          200: { description: 'The file', content: { 'application/octet-stream': { schema: stream } } },
          ...problems(400, 401, 403, 404, 503),
        },
      },
    },
    async ({ params }, reply) => {
      const { entry } = await find(params.model);
      const file = entry.files.find(each => each.name === params.name);
      if (file === undefined) {
        const names = entry.files.map(each => each.name).join(', ');
        throw new Refused(404, 'no-such-file', `Model ${params.model} has the files ${names}`);
      }
      return await reply
        .type('application/octet-stream')
        .header('content-length', file.bytes)
        .header('etag', `"${file.sha256}"`)
        .send(app.store.stream(file.key));
    },
  );
}
