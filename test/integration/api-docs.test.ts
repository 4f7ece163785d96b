import { expect, test } from 'vitest';
import { z } from 'zod';
import { flows } from '../../jobs/flows/flows.ts';
import { flowRoutes } from '../../producers/http/flow-routes.ts';
import { type Api, apiSite, openApi } from './api-site.ts';

const operation = z.looseObject({
  operationId: z.string(),
  summary: z.string(),
  tags: z.array(z.string()).length(1),
  parameters: z
    .array(z.looseObject({ name: z.string(), in: z.enum(['path', 'query', 'header']), schema: z.looseObject({}) }))
    .default([]),
  requestBody: z
    .looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.looseObject({}) })) })
    .optional(),
  responses: z.record(
    z.string().regex(/^[2-5]\d\d$/),
    z.looseObject({
      description: z.string().min(1),
      // A 204 has none.
      content: z.record(z.string(), z.looseObject({ schema: z.looseObject({}) })).default({}),
    }),
  ),
});

/** The parts of OpenAPI 3.1 that a generator of clients stands on. */
const openApiDocument = z.looseObject({
  openapi: z.string().regex(/^3\.1\.\d$/),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string().startsWith('/'), z.record(z.enum(['get', 'post', 'delete']), operation.optional())),
  tags: z.array(z.object({ name: z.string(), description: z.string() })),
  components: z.looseObject({ securitySchemes: z.record(z.string(), z.looseObject({ type: z.literal('http') })) }),
  security: z.array(z.record(z.string(), z.array(z.string()))),
});

async function documentOf(api: Api) {
  return openApiDocument.parse((await api.ask('GET', '/docs/json')).body);
}

test('the interface is described, each route with what it takes, gives and refuses', async () => {
  const document = await documentOf(await openApi(await apiSite()));
  expect(Object.keys(document.paths).sort()).toEqual(
    [
      '/v1/alerts',
      '/v1/alerts/{id}/outcome',
      '/v1/datasets',
      '/v1/datasets/{dataset}',
      '/v1/datasets/{dataset}/export',
      '/v1/datasets/{dataset}/removals',
      '/v1/datasets/{dataset}/rows',
      '/v1/datasets/{dataset}/versions',
      '/v1/failed-jobs',
      '/v1/failed-jobs/discard',
      '/v1/failed-jobs/retry',
      '/v1/hooks/cognigy',
      '/v1/jobs/{id}',
      '/v1/jobs/{id}/rejects',
      '/v1/jobs/{id}/report',
      '/v1/jobs/{id}/results',
      '/v1/models',
      '/v1/models/{model}',
      '/v1/models/{model}/files/{name}',
      '/v1/precision',
      '/v1/requests',
      '/v1/schedules',
      '/v1/thresholds/difference',
      '/v1/thresholds/rollbacks',
      '/v1/thresholds/rollbacks/{id}',
      '/v1/thresholds/versions',
      '/v1/thresholds/versions/{version}',
      '/v1/uploads',
      ...flows.map(({ noun }) => `/v1/${noun}`),
    ].sort(),
  );
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).flatMap(each => (each === undefined ? [] : [{ path, ...each }])),
  );
  const tags = document.tags.map(({ name }) => name);
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const { path, parameters, responses, tags: own } of operations) {
    expect(tags).toContain(own[0]);
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(parameters.flatMap(each => (each.in === 'path' ? [each.name] : []))).toEqual(inPath);
    for (const [status, { content }] of Object.entries(responses)) {
      expect(Object.keys(content).length === 0, `${path} ${status}`).toBe(status === '204');
      if (Number(status) >= 400)
        expect(Object.keys(content), `${path} ${status}`).toEqual(['application/problem+json']);
    }
    expect(Object.keys(responses), path).toEqual(expect.arrayContaining(['401', '503']));
  }
  expect(JSON.stringify(document)).not.toMatch(/"\$ref"|"~standard"|\bundefined\b/);
});

test('what the examples show is taken', async () => {
  for (const { flow, body, examples } of flowRoutes) {
    expect(examples.length, flow.name).toBeGreaterThan(0);
    for (const example of examples) expect(body.safeParse(example).error, flow.name).toBeUndefined();
  }
  const document = await documentOf(await openApi(await apiSite()));
  const content = document.paths['/v1/tunings']?.post?.requestBody?.content['application/json'];
  expect(content).toMatchObject({
    examples: { example1: { value: { push: true } }, example2: { value: { csv: expect.stringContaining('\n') } } },
    schema: {
      type: 'object',
      additionalProperties: false,
      required: ['csv'],
      properties: { maxFpr: { type: 'number', minimum: 0, maximum: 1, default: 0.15 } },
    },
  });
  const upload = document.paths['/v1/uploads']?.post?.requestBody?.content;
  expect(Object.keys(upload ?? {})).toContain('text/csv');
});

test('the pages of the documentation need nothing from elsewhere', async () => {
  const api = await openApi(await apiSite());
  const page = await api.ask('GET', '/docs');
  expect(page).toMatchObject({ status: 200, headers: expect.anything() });
  const used = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, place = '']) => place);
  expect(used.length).toBeGreaterThan(2);
  for (const place of used) {
    const url = new URL(place, `${api.url}/docs/`);
    expect(url.origin, place).toBe(api.url);
    expect((await api.ask('GET', url.pathname)).status, place).toBe(200);
  }
});
