import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AuditEntry } from '../../src/domain/audit/entry.ts';
import { extractionApi, extractionSite, textsOf, writeLines } from './extraction-site.ts';

const settings = {
  API_KEYS: 'crm:key-of-the-crm,ivr:key-of-the-ivr',
  REVIEWER_USER: 'rev',
  REVIEWER_PASSWORD: 'password-of-rev',
};
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const reviewer = { authorization: `Basic ${Buffer.from('rev:password-of-rev').toString('base64')}` };
const crm = bearer('key-of-the-crm');

test('each extraction is audited and counted once, and each look at its result is audited', async () => {
  const site = await extractionSite();
  const api = await extractionApi(site, settings);
  const text = 'A refund for the order of 2026-03-04, please';
  const ask = async (json: object, headers: Readonly<Record<string, string>>) =>
    await api.ask('POST', '/v1/extractions', { json, headers: { ...headers, prefer: 'wait=30' } });
  expect((await ask({ text, types: ['date'] }, crm)).status).toBe(200);
  expect((await ask({ text, types: ['date'] }, bearer('key-of-the-ivr'))).body).toMatchObject({
    cache_source: 'cache',
  });
  const batch = await ask({ texts: [...textsOf(3), 'hm'], types: ['date'] }, crm);
  expect(batch.body).toMatchObject({ lines: 4, succeeded: 4 });
  const id = String(batch.body.requestId);

  const status = (headers: Readonly<Record<string, string>>) => api.ask('GET', `/v1/jobs/${id}/results`, { headers });
  expect((await status(bearer('key-of-the-ivr'))).status).toBe(404);
  expect((await status(reviewer)).text).toContain('ORD-10000');
  for (let time = 0; time < 3; time++)
    expect((await api.ask('GET', `/v1/jobs/${id}`, { headers: crm })).status).toBe(200);

  await api.app.inferences.flush();
  const entries: AuditEntry[] = [];
  for await (const entry of api.app.audit.entries()) entries.push(entry);
  const inferences = entries.filter(({ kind }) => kind === 'inference');
  expect(inferences.map(({ by, details }) => `${by} ${details.source} ${details.line ?? 'alone'}`).sort()).toEqual([
    'key:crm api 1',
    'key:crm api 2',
    'key:crm api 3',
    'key:crm api 4',
    'key:crm api alone',
    'key:ivr cache alone',
  ]);
  const readings = entries.filter(({ what }) => what === 'texts.read');
  expect(readings.map(({ by, details }) => [by, details.request])).toEqual([
    ['rev', id],
    ['key:crm', id],
  ]);
  const counted = await api.app.counters.read();
  const requests = [...counted].filter(([field]) => field.startsWith('cxone_entity_requests_total|'));
  expect(Object.fromEntries(requests)).toEqual({
    'cxone_entity_requests_total|en-US|api': 5,
    'cxone_entity_requests_total|en-US|cache': 1,
  });
});

test('extract review writes what was flagged, until it is erased', async () => {
  const site = await extractionSite();
  const app = await site.workingHouse({ LIMIT_NLU: '1000/s' });
  await writeLines(site, 'in.jsonl', [{ text: 'hm' }, { text: 'A refund for 2026-03-04' }, { text: 'well' }]);
  const done = await site.cli(['extract', '--file', 'in.jsonl', '--types', 'date', '--wait', '--json']);
  expect(done.code, done.stderr).toBe(0);
  const { requestId } = JSON.parse(done.stdout.trim().split('\n').at(-1) ?? '');
  await app.inferences.flush();

  const review = async (...words: string[]) => await site.cli(['extract', 'review', ...words]);
  const exported = await review('--out', 'review.jsonl', '--json');
  expect(exported.code, exported.stderr).toBe(0);
  expect(JSON.parse(exported.stdout)).toMatchObject({ out: 'review.jsonl', reviews: 2, erased: 0 });
  const lines = (await readFile(join(site.folder, 'review.jsonl'), 'utf8')).trim().split('\n');
  const timestamp = expect.stringMatching(/^\d{4}-.*Z$/);
  expect(lines.map(line => JSON.parse(line))).toEqual(
    ['hm', 'well'].map(text => ({ timestamp, text, language: 'en-US', entities: [], requestId })),
  );
  expect((await review('--out', '-', '--since', '2200-01-01')).code).toBe(2);

  expect((await site.cli(['audit', 'erase', requestId])).stdout).toContain('texts erased: 3');
  expect((await review('--out', '-')).stdout).toBe('');
  const verified = await site.cli(['audit', 'verify', '--json']);
  expect(verified.code, verified.stdout).toBe(0);
  expect(JSON.parse(verified.stdout)).toMatchObject({ findings: [], erasedTexts: 3 });
});
