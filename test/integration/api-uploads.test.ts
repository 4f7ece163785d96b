import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Fastify from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import { expect, onTestFinished, test } from 'vitest';
import { answerWithProblems } from '../../producers/http/problem-answers.ts';
import { mostUploadBytes, uploadRoute } from '../../producers/http/uploads.ts';
import { eventually } from '../eventually.ts';
import { type Api, apiSite, exportOf, intentIds, openApi } from './api-site.ts';
import { type Site, storeOf } from './site.ts';

const csv = { 'content-type': 'text/csv' };

async function uploadsIn(site: Site, { app }: Api): Promise<string[]> {
  const folder = join(storeOf(site, app), 'uploads');
  return existsSync(folder) ? await readdir(folder) : [];
}

test.each(['text/csv', 'application/gzip', 'application/x-ndjson', 'application/octet-stream'])(
  'a file of %s is stored as it is',
  async type => {
    const api = await openApi(await apiSite());
    const content = randomBytes(3_000_000);
    const { status, body } = await api.ask('POST', '/v1/uploads', { body: content, headers: { 'content-type': type } });
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect({ status, body }).toEqual({ status: 201, body: { ref: expect.any(String), bytes: content.length, sha256 } });
    expect(await api.app.uploads.find(String(body.ref))).toMatchObject({ name: 'upload', sha256 });
  },
);

test.each([
  { query: '?name=export.csv', disposition: undefined, name: 'export.csv' },
  { query: '?name=..%2F..%2Fetc%2Fpasswd%0a', disposition: undefined, name: 'passwd' },
  { query: '', disposition: 'attachment; filename="may 2.csv"', name: 'may 2.csv' },
  { query: '', disposition: "attachment; filename=plain.csv; filename*=UTF-8''m%C3%A4rz.csv", name: 'märz.csv' },
  { query: '', disposition: "attachment; filename*=UTF-8''%zz", name: 'upload' },
])('an upload is called $name', async ({ query, disposition, name }) => {
  const api = await openApi(await apiSite());
  const headers = { ...csv, ...(disposition === undefined ? {} : { 'content-disposition': disposition }) };
  const { body } = await api.ask('POST', `/v1/uploads${query}`, { body: 'x', headers });
  expect(await api.app.uploads.find(String(body.ref))).toMatchObject({ name });
});

test('a tuning of an upload, packed or not', async () => {
  const api = await openApi(await apiSite(), { works: true });
  const content = exportOf(intentIds);
  for (const body of [content, gzipSync(content)]) {
    const { body: upload } = await api.ask('POST', '/v1/uploads?name=may.csv', { body, headers: csv });
    const { body: accepted } = await api.ask('POST', '/v1/tunings', { json: { csv: upload.ref } });
    expect((await api.reach(String(accepted.id))).body).toMatchObject({ state: 'succeeded' });
  }
});

test('an upload that is broken off leaves nothing', async () => {
  const site = await apiSite();
  const api = await openApi(site);
  const sending = request(`${api.url}/v1/uploads`, {
    method: 'POST',
    headers: { ...csv, 'content-length': 1_000_000 },
  });
  sending.on('error', () => undefined);
  sending.write('x'.repeat(100_000));
  await eventually(async () => (await uploadsIn(site, api)).length === 1);
  sending.destroy();
  await eventually(async () => (await uploadsIn(site, api)).length === 0);
});

test('an upload that says it is too large is refused before it is sent', async () => {
  const site = await apiSite();
  const api = await openApi(site);
  const headers = { ...csv, 'content-length': mostUploadBytes + 1 };
  const sending = request(`${api.url}/v1/uploads`, { method: 'POST', headers });
  const status = await new Promise((resolve, reject) => {
    sending.on('response', answer => resolve(answer.statusCode)).on('error', reject);
    sending.flushHeaders();
  });
  sending.destroy();
  expect(status).toBe(413);
  expect(await uploadsIn(site, api)).toEqual([]);
});

test('an upload that turns out too large is broken off, and leaves nothing', async () => {
  const site = await apiSite();
  const api = await openApi(site);
  const server = Fastify();
  onTestFinished(() => server.close());
  answerWithProblems(server, api.app.logger);
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(() => data => JSON.stringify(data));
  await server.register(uploadRoute(api.app, 1_000));
  const url = await server.listen({ port: 0, host: '127.0.0.1' });

  const sending = request(`${url}/uploads`, { method: 'POST', headers: csv });
  const answered = new Promise((resolve, reject) => {
    sending.on('response', answer => resolve(answer.statusCode)).on('error', reject);
  });
  sending.write('x'.repeat(1_001));
  expect(await answered).toBe(413);
  sending.destroy();
  await eventually(async () => (await uploadsIn(site, api)).length === 0);
});

test('what is no file is refused', async () => {
  const api = await openApi(await apiSite());
  const answer = await api.ask('POST', '/v1/uploads', { body: 'x', headers: { 'content-type': 'image/png' } });
  expect(answer).toMatchObject({ status: 415, body: { title: 'Unsupported Media Type' } });
  expect(await api.ask('POST', '/v1/uploads?nme=x', { body: 'x', headers: csv })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'nme' }] },
  });
});
