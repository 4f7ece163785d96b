import { expect, test } from 'vitest';
import { z } from 'zod';
import { batchLine } from '../../src/domain/entity/result.ts';
import { extractionApi, extractionSite, jsonLines, textsOf } from './extraction-site.ts';

const text = 'A refund for the order of 2026-03-04, please';
const waits = { prefer: 'wait=20' };
const linesOf = (jsonl: string) =>
  jsonl
    .split('\n')
    .slice(0, -1)
    .map(line => batchLine.parse(JSON.parse(line)));
const accepted = z.object({ id: z.string(), queue: z.literal('extract-entities'), statusUrl: z.string() });
const counts = z.looseObject({ requestId: z.string(), resultsUrl: z.string() });

test('a text is extracted from, and asked again it takes neither a call nor a job', async () => {
  const site = await extractionSite();
  const api = await extractionApi(site);
  const first = await api.ask('POST', '/v1/extractions', { json: { text, types: ['date'], threshold: 0 } });
  expect(first.status).toBe(202);
  const { id } = accepted.parse(first.body);
  const done = await api.reach(id);
  expect(done.body).toMatchObject({
    state: 'succeeded',
    result: {
      input_text: text,
      cache_source: 'api',
      audit_status: 'LOGGED',
      entities: [{ name: 'date', value: '2026-03-04', normalized: { kind: 'date', value: '2026-03-04' } }],
    },
  });
  const again = await api.ask('POST', '/v1/extractions', {
    json: { text, types: ['date'], threshold: 0 },
    headers: waits,
  });
  expect(again.status, again.text).toBe(200);
  expect(again.headers.get('preference-applied')).toBe('wait=20');
  expect(again.body).toMatchObject({ input_text: text, cache_source: 'cache' });
  const listed = await api.ask('GET', '/v1/requests');
  expect(z.object({ requests: z.array(z.unknown()) }).parse(listed.body).requests).toHaveLength(1);
  expect(site.sandbox.nlu.calls).toHaveLength(1);
});

test('a client that prefers to wait gets the result of a text that is not in the cache', async () => {
  const site = await extractionSite();
  const api = await extractionApi(site);
  const answer = await api.ask('POST', '/v1/extractions', { json: { text }, headers: waits });
  expect(answer.status, answer.text).toBe(200);
  expect(answer.body).toMatchObject({ input_text: text, cache_source: 'api' });
});

test('texts are a batch, whose results stream in input order', async () => {
  const site = await extractionSite();
  const api = await extractionApi(site);
  const [one = '', other = ''] = textsOf(2);
  const answer = await api.ask('POST', '/v1/extractions', { json: { texts: [one, other, one] }, headers: waits });
  expect(answer.status, answer.text).toBe(200);
  expect(answer.body).toMatchObject({ lines: 3, succeeded: 3, failed: 0, calls: 2, cacheHits: 1 });
  const { requestId, resultsUrl } = counts.parse(answer.body);
  expect(new URL(resultsUrl).pathname).toBe(`/v1/jobs/${requestId}/results`);
  const results = await api.ask('GET', `/v1/jobs/${requestId}/results`);
  expect(results.headers.get('content-type')).toContain('application/x-ndjson');
  expect(linesOf(results.text)).toMatchObject([
    { line: 1, input_text: one, cache_source: 'api' },
    { line: 2, input_text: other, cache_source: 'api' },
    { line: 3, input_text: one, cache_source: 'batch' },
  ]);
  expect((await api.ask('GET', `/v1/jobs/${requestId}`)).body).toMatchObject({ result: { resultsUrl } });
});

test('invalid lines of an upload refuse the request, or are left out and listed', async () => {
  const site = await extractionSite();
  const api = await extractionApi(site);
  const [first, last] = textsOf(2);
  const content = `\uFEFF${jsonLines([{ text: first, id: 'a' }])}\r\n{"text": 1}\nnot JSON\n${JSON.stringify({ text: last })}`;
  const upload = await api.ask('POST', '/v1/uploads?name=texts.jsonl', {
    body: content,
    headers: { 'content-type': 'application/x-ndjson' },
  });
  const { ref } = z.object({ ref: z.string() }).parse(upload.body);
  const refused = await api.ask('POST', '/v1/extractions', { json: { ref } });
  expect(refused.status).toBe(422);
  expect(refused.text).toContain('texts.jsonl:3: text must be a string');
  expect(refused.text).toContain('texts.jsonl:4: is not valid JSON');
  const answer = await api.ask('POST', '/v1/extractions', { json: { ref, onBadLine: 'skip' }, headers: waits });
  expect(answer.status, answer.text).toBe(200);
  expect(answer.body).toMatchObject({ lines: 2, succeeded: 2, emptyLines: 1, rejects: 2 });
  const { requestId } = counts.parse(answer.body);
  expect(linesOf((await api.ask('GET', `/v1/jobs/${requestId}/results`)).text)).toMatchObject([
    { line: 1, id: 'a', input_text: first },
    { line: 5, input_text: last },
  ]);
  const rejects = await api.ask('GET', `/v1/jobs/${requestId}/rejects`);
  expect(
    rejects.text
      .trim()
      .split('\n')
      .map(each => JSON.parse(each)),
  ).toEqual([
    { line: 3, code: 'BAD_INPUT', message: 'text must be a string' },
    { line: 4, code: 'BAD_INPUT', message: 'is not valid JSON' },
  ]);
});

test('every invalid field is reported at once, and nothing is enqueued', async () => {
  const site = await extractionSite();
  const api = await extractionApi(site, { ENTITY_MAX_TEXT_KB: '1' });
  const ask = async (json: object) => await api.ask('POST', '/v1/extractions', { json });
  const many = await ask({ text: ' ', language: 'it-IT', types: [], threshold: 1.1, timeZone: 'Mars/Olympus' });
  expect(many.status).toBe(400);
  const { errors } = z.object({ errors: z.array(z.object({ field: z.string() })) }).parse(many.body);
  expect(errors.map(({ field }) => field).sort()).toEqual(['language', 'text', 'threshold', 'timeZone', 'types']);
  for (const [json, field] of [
    [{ text, threshold: -0.1 }, 'threshold'],
    [{ text, threshold: 'high' }, 'threshold'],
    [{ text, types: Array.from({ length: 11 }, (_, index) => `type${index}`) }, 'types'],
    [{ text: '' }, 'text'],
    [{ text: 'x'.repeat(1025) }, 'text'],
    [{ text: 'a\u0000b' }, 'text'],
    [{ texts: ['fine', 'x'.repeat(1025)] }, 'texts.1'],
    [{}, 'text'],
    [{ text, texts: [text] }, 'text'],
    [{ text, file: '/etc/passwd' }, 'file'],
  ] as const) {
    const answer = await ask(json);
    expect(answer.status, answer.text).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ field }] });
  }
  const lone = await api.ask('POST', '/v1/extractions', {
    body: '{"text": "a\\ud800b"}',
    headers: { 'content-type': 'application/json' },
  });
  expect(lone.body).toMatchObject({ status: 400, errors: [{ field: 'text' }] });
  const missing = await ask({ ref: '6f1c2a52-6f1e-4c57-9a3d-0d7a5c0a9b11' });
  expect(missing.body).toMatchObject({ status: 422, errors: [{ field: 'ref' }] });
  expect(await api.app.queues.countWaiting('extract-entities')).toBe(0);
  expect(site.sandbox.nlu.calls).toEqual([]);
});
