import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { App } from '../../src/app/app.ts';
import { conversation, conversations, noon } from './conversations.ts';
import { contentOf, takenRows, wantedRows } from './dataset-content.ts';
import { curate, frozenTenant, openSite } from './site.ts';

/** What a run left out, as it wrote it down. */
async function rejectsOf({ runs }: App, run: string): Promise<unknown[]> {
  const plan = await runs.plan(run);
  const lines = (await runs.readPlanned(run, plan?.rejects.name ?? '')).toString('utf8').split('\n');
  return lines.filter(line => line !== '').map((line): unknown => JSON.parse(line));
}

const good = conversation('good', noon, 30);
const { id: _id, ...withoutId } = good;

test('records of a wrong shape are left out, written down with endpoint and field, and counted', async () => {
  const records = [
    { timestamp: '2024-05-15T11:59:50.000Z', record: withoutId },
    { timestamp: '2024-05-15T11:00:00.500Z', record: { ...good, id: 'late', timestamp: 'last Tuesday' } },
    { timestamp: '2024-05-15T08:00:00.500Z', record: { ...good, id: 'talk', messages: 'none' } },
    { timestamp: '2024-05-15T04:00:00.500Z', record: null },
    { timestamp: '2024-05-14T04:00:00.500Z', record: { ...good, id: 'five', rating: 'five' } },
  ];
  const site = await openSite(frozenTenant({ interactions: conversations(450), records }));
  const app = await site.workingHouse();

  const summary = await curate(app, 'demo');

  expect(summary).toMatchObject({ interactions: 450, rejects: 5, erased: 0 });
  const endpoint = 'GET /api/v2/interactions';
  const rejects = await rejectsOf(app, summary.runId);
  expect(rejects).toHaveLength(5);
  expect(rejects).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ endpoint, id: null, field: 'id' }),
      expect.objectContaining({ endpoint, id: 'late', field: 'timestamp' }),
      expect.objectContaining({ endpoint, id: 'talk', field: 'messages' }),
      expect.objectContaining({ endpoint, id: null, field: '(whole)' }),
      expect.objectContaining({ endpoint, id: 'five', field: 'rating' }),
    ]),
  );
  expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records().filter(isGood)));
});

function isGood(record: unknown): boolean {
  return typeof record === 'object' && record !== null && 'id' in record && /^c\d+$/.test(String(record.id));
}

test('records that are wrong in exactly the same way are as many rejects as there are records', async () => {
  const record = { error: 'redacted' };
  const records = ['2024-05-15T11:30:00.000Z', '2024-05-15T11:30:00.500Z', '2024-05-15T06:00:00.500Z'].map(
    timestamp => ({ timestamp, record }),
  );
  const site = await openSite(frozenTenant({ interactions: conversations(450), records }));
  const app = await site.workingHouse();
  expect(await curate(app, 'demo')).toMatchObject({ interactions: 450, rejects: 3, erased: 0 });
});

test('over 5 % of them end the run for good, with the first field named; the next request opens a new run', async () => {
  const records = Array.from({ length: 4 }, (_, index) => ({
    timestamp: `2024-05-15T10:00:00.00${index}Z`,
    record: { ...good, id: `bad${index}`, rating: 'five' },
  }));
  const site = await openSite(frozenTenant({ interactions: conversations(60), records }));
  const app = await site.workingHouse();

  await expect(curate(app, 'demo')).rejects.toMatchObject({
    code: 'TOO_MANY_REJECTS',
    message: expect.stringMatching(/demo\.00000001.*rating/s),
  });
  expect((await app.runs.events('demo.00000001').head())?.entry).toMatchObject({
    kind: 'closed',
    code: 'TOO_MANY_REJECTS',
  });
  expect(await app.datasets.head('demo')).toBeNull();

  for (const more of conversations(60, { prefix: 'd', until: '2024-05-14T12:00:00.000Z' })) site.sandbox.insert(more);
  expect(await curate(app, 'demo')).toMatchObject({
    runId: 'demo.00000002',
    version: 1,
    interactions: 120,
    rejects: 4,
  });
});

test('exactly 5 % are accepted', async () => {
  const records = [{ timestamp: '2024-05-15T10:00:00.000Z', record: withoutId }];
  const site = await openSite(frozenTenant({ interactions: conversations(19), records }));
  const app = await site.workingHouse();
  expect(await curate(app, 'demo')).toMatchObject({ interactions: 19, rejects: 1 });
});

test.each([
  { what: 'that is not valid JSON', line: '{"id": "x"', named: 'not JSON' },
  { what: 'without an id', line: JSON.stringify(withoutId), named: 'id' },
  { what: 'with a bad timestamp', line: JSON.stringify({ ...good, timestamp: '15.05.2024' }), named: 'timestamp' },
])('the sandbox refuses to start on a corpus line $what', async ({ line, named }) => {
  const site = await openSite(frozenTenant({ interactions: [] }));
  const file = join(site.folder, 'corpus.jsonl');
  await writeFile(file, `${JSON.stringify(good)}\n\n${line}\n`);
  const end = await site.cli(['sandbox', '--corpus', file, '--port', '0']);
  expect(end.code).toBe(2);
  expect(end.stderr).toContain(`${file}:3`);
  expect(end.stderr).toContain(named);
});
