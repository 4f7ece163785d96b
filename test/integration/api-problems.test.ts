import { expect, test } from 'vitest';
import { bullQueue } from '../../src/runtime/queues.ts';
import { type Api, type AskOptions, apiSite, exportOf, openApi } from './api-site.ts';

const json = { 'content-type': 'application/json' };
const unknownRef = '6f1c2a52-6f1e-4c57-9a3d-0d7a5c0a9b11';

interface Case extends AskOptions {
  readonly what: string;
  readonly asked: readonly [method: string, path: string];
  readonly status: number;
  readonly type: string;
  readonly field?: string;
}

const cases: readonly Case[] = [
  {
    what: 'no JSON',
    asked: ['POST', '/v1/tunings'],
    body: '{"csv": ',
    headers: json,
    status: 400,
    type: 'bad-request',
  },
  { what: 'no body', asked: ['POST', '/v1/tunings'], headers: json, status: 400, type: 'bad-request' },
  { what: 'a list', asked: ['POST', '/v1/tunings'], json: [], status: 400, type: 'invalid', field: '(body)' },
  {
    what: 'an unknown field',
    asked: ['POST', '/v1/curations'],
    json: { dataset: 'demo', simlarity: 1 },
    status: 400,
    type: 'invalid',
    field: 'simlarity',
  },
  {
    what: 'a field of a wrong kind',
    asked: ['POST', '/v1/curations'],
    json: { dataset: 'demo', bots: ['a', 5] },
    status: 400,
    type: 'invalid',
    field: 'bots.1',
  },
  {
    what: 'a value out of range',
    asked: ['POST', '/v1/curations'],
    json: { dataset: 'demo', similarity: 1.4 },
    status: 400,
    type: 'invalid',
    field: 'similarity',
  },
  {
    what: 'an instant to come',
    asked: ['POST', '/v1/curations'],
    json: { dataset: 'demo', since: '2999-01-01' },
    status: 400,
    type: 'invalid',
    field: 'since',
  },
  {
    what: 'a path instead of an export',
    asked: ['POST', '/v1/tunings'],
    json: { csv: '/etc/passwd' },
    status: 400,
    type: 'invalid',
    field: 'csv',
  },
  {
    what: 'an idempotency key with blanks',
    asked: ['POST', '/v1/curations'],
    json: { dataset: 'demo' },
    headers: { 'idempotency-key': 'a b' },
    status: 400,
    type: 'invalid',
    field: 'idempotency-key',
  },
  {
    what: 'another content-type',
    asked: ['POST', '/v1/tunings'],
    body: 'a=b',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    status: 415,
    type: 'unsupported-media-type',
  },
  {
    what: 'a body beyond the limit',
    asked: ['POST', '/v1/tunings'],
    json: { csv: exportOf(['greet'], 0.5, 120_000) },
    status: 413,
    type: 'payload-too-large',
  },
  {
    what: 'an unknown upload',
    asked: ['POST', '/v1/tunings'],
    json: { csv: unknownRef },
    status: 422,
    type: 'upload-not-found',
    field: 'csv',
  },
  {
    what: 'an export with a mistake',
    asked: ['POST', '/v1/tunings'],
    json: { csv: `${exportOf(['greet'])}greet,2,0.5\n` },
    status: 422,
    type: 'bad-input',
    field: 'csv',
  },
  { what: 'another method', asked: ['PATCH', '/v1/tunings'], status: 405, type: 'method-not-allowed' },
  {
    what: 'a method that a job has not',
    asked: ['POST', '/v1/jobs/tuning.x'],
    status: 405,
    type: 'method-not-allowed',
  },
  { what: 'an unknown route', asked: ['GET', '/v1/nonsense'], status: 404, type: 'not-found' },
  { what: 'an unknown path', asked: ['GET', '/nonsense'], status: 404, type: 'not-found' },
  { what: 'an unknown job', asked: ['GET', '/v1/jobs/tuning.nobody'], status: 404, type: 'no-such-job' },
  { what: 'a job of no kind', asked: ['GET', '/v1/jobs/page.demo.00000001.x'], status: 404, type: 'no-such-job' },
  { what: 'no id', asked: ['GET', '/v1/jobs/%2e%2e%2f'], status: 404, type: 'no-such-job' },
  { what: 'an unknown report', asked: ['GET', '/v1/jobs/open.demo.x/report'], status: 404, type: 'no-such-job' },
  { what: 'cancelling an unknown job', asked: ['DELETE', '/v1/jobs/open.demo.x'], status: 404, type: 'no-such-job' },
  { what: 'a path that does not parse', asked: ['GET', '/v1/jobs/%zz'], status: 400, type: 'bad-request' },
];

test('whatever is wrong is told as problem details, and enqueues nothing', async () => {
  const site = await apiSite();
  const api = await openApi(site);
  for (const { what, asked, status, type, field, ...options } of cases) {
    const answer = await api.ask(...asked, options);
    expect(answer, what).toMatchObject({
      status,
      body: {
        type: `urn:problem-type:cxone-mlops:${type}`,
        title: expect.any(String),
        status,
        detail: expect.any(String),
      },
    });
    expect(answer.headers.get('content-type'), what).toMatch(/^application\/problem\+json/);
    if (field !== undefined)
      expect(answer.body.errors, what).toContainEqual({ field, message: expect.stringMatching(/./) });
  }
  expect((await api.ask('PATCH', '/v1/tunings')).headers.get('allow')).toBe('POST');
  expect((await api.ask('PUT', '/v1/jobs/tuning.x')).headers.get('allow')).toBe('DELETE, GET, HEAD');
  expect(await enqueued(api)).toEqual([]);
  expect(site.sandbox.requests).toEqual([]);
});

async function enqueued({ app }: Api): Promise<string[]> {
  const jobs = await Promise.all(['fetch-page', 'compute-roc'].map(name => bullQueue(app.queues, name).getJobs()));
  return jobs.flat().map(({ id }) => String(id));
}

test('the place of a mistake in an export is told', async () => {
  const api = await openApi(await apiSite());
  const { body } = await api.ask('POST', '/v1/tunings', { json: { csv: `${exportOf(['greet'])}greet,2,0.5\n` } });
  expect(body.detail).toMatch(/^csv:22:7: /);
});

test('a service that is not set up is named by its variable', async () => {
  const site = await apiSite();
  const changes = { CXONE_BASE_URL: undefined, TRAINING_BASE_URL: site.sandbox.url };
  const api = await openApi(site, { changes });
  for (const [path, body, variable] of [
    ['/v1/curations', { dataset: 'demo' }, 'INTERACTIONS_BASE_URL'],
    ['/v1/tunings', { csv: exportOf(['greet']) }, 'NLP_BASE_URL'],
  ] as const) {
    const answer = await api.ask('POST', path, { json: body });
    expect(answer).toMatchObject({ status: 503, body: { detail: expect.stringContaining(variable) } });
    expect(answer.headers.get('retry-after')).toBeNull();
  }
  expect(await enqueued(api)).toEqual([]);
});
