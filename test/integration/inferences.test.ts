import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startHttp } from '../../producers/http/server.ts';
import type { AuditEntry } from '../../src/domain/audit/entry.ts';
import {
  addTotals,
  meansOf,
  noTotals,
  observationOf,
  type Totals,
  windowMetrics,
} from '../../src/domain/entity/metrics.ts';
import { openAudit } from '../../src/store/audit/audit.ts';
import { exportReviews } from '../../src/store/audit/reviews.ts';
import { compiled } from '../compiled.ts';
import { eventually } from '../eventually.ts';
import { openReceiver } from '../webhook-receiver.ts';
import { inferenceOf, resultOf } from './inference.ts';
import { openSite } from './site.ts';

const recording = [process.execPath, compiled('dist/test/integration/inferences-process.js')];

async function entriesOf(store: Parameters<typeof openAudit>[0]): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  for await (const entry of openAudit(store).entries()) entries.push(entry);
  return entries;
}

test('processes that are killed while they record lose no inference and double none', async () => {
  const site = await openSite();
  const programs = ['a', 'b', 'c'].map(name => ({ name, run: site.start([...recording, name]) }));
  for (const { run } of programs) {
    await run.said('\n12\n');
    run.child.kill('SIGKILL');
  }
  const app = await site.app();
  const acknowledged = await Promise.all(
    programs.map(async ({ name, run }) => {
      const tens = (await run.ended).stdout.split('\n').slice(0, -1);
      return tens.map(ten => `extract.${name}-${ten}`);
    }),
  );
  await app.inferences.flush();
  const lines = new Map<string, unknown[]>();
  for (const { id, details } of await entriesOf(app.store)) lines.set(id, [...(lines.get(id) ?? []), details.line]);
  for (const id of acknowledged.flat()) expect(lines.has(id), id).toBe(true);
  const tenLines = Array.from({ length: 10 }, (_, index) => index + 1);
  for (const [id, found] of lines) expect(found, id).toEqual(tenLines);
  // The one that a process was killed at may have been recorded, though nobody was told.
  expect(lines.size - acknowledged.flat().length).toBeLessThanOrEqual(programs.length);
  expect((await app.audit.verify()).findings).toEqual([]);
  const counted = await app.counters.read();
  const requests = [...counted].filter(([field]) => field.startsWith('cxone_entity_requests_total|'));
  expect(requests.reduce((sum, [, by]) => sum + by, 0)).toBe(lines.size * 10);
});

test('every ten requests of all processes the analytics webhook gets the means of these ten', async () => {
  const site = await openSite();
  const receiver = await openReceiver();
  const changes = { ANALYTICS_WEBHOOK_URL: receiver.url, HTTP_PORT: '0' };
  const apps = [await site.workingHouse(changes), await site.app(changes)];
  const all = Array.from({ length: 25 }, (_, index) => inferenceOf(index));
  for (const each of all) await apps[(each.result.entities.length + 1) % 2]?.inferences.record([each]);
  await eventually(() => receiver.posted.length === 2);
  await Promise.all(apps.map(app => app.inferences.flush()));
  const expected = [all.slice(0, 10), all.slice(10, 20)].map(ten => {
    const totals = ten.map(({ result }) => observationOf(result)).reduce<Totals>(addTotals, noTotals);
    const { avgLatencyMs, cacheHitRate, avgEntityConfidence } = meansOf(totals);
    return {
      metric_type: 'nlu_extraction_performance',
      window_requests: 10,
      avg_latency_ms: avgLatencyMs,
      cache_hit_rate: cacheHitRate,
      avg_entity_confidence: avgEntityConfidence,
      timestamp: new Date(ten.at(-1)?.at ?? 0).toISOString(),
    };
  });
  const posted = receiver.posted.map(({ body }) => windowMetrics.parse(JSON.parse(body)));
  expect(posted.sort((one, other) => one.timestamp.localeCompare(other.timestamp))).toEqual(expected);

  const [app] = apps;
  if (app === undefined) throw new Error('no app');
  const http = await startHttp(app);
  try {
    const text = await (await fetch(`${http.url}/metrics`)).text();
    expect(text).toContain('cxone_entity_requests_total{language="en-US",source="api"} 7\n');
    expect(text).toContain('cxone_entity_latency_seconds_count{language="de-DE"} 12\n');
    expect(text).not.toContain('words of customer');
  } finally {
    await http.close();
  }
});

test('what was flagged is exported for people, without what was erased, and the look is audited', async () => {
  const site = await openSite();
  const app = await site.app();
  await app.inferences.record([0, 1, 2].map(index => inferenceOf(4 * index)));
  const entities = [{ name: 'date', value: 'v', confidence: 0.9, start: 0, end: 1 }];
  await app.inferences.record([inferenceOf(3, { result: resultOf(3, { entities }) })]);
  await app.close();

  const { store } = app;
  const audit = openAudit(store);
  await audit.eraseTexts('extract.4', 'ada');
  const out = join(site.folder, 'review.jsonl');
  expect(await exportReviews(audit, out, { since: null }, 'ada')).toEqual({ reviews: 2, erased: 1 });
  const lines = (await readFile(out, 'utf8'))
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  expect(lines.map(({ requestId }) => requestId)).toEqual(['extract.0', 'extract.8']);
  expect(lines[1]).toEqual({
    timestamp: '2026-11-28T00:00:00.008Z',
    text: 'the words of customer 8',
    language: 'en-US',
    entities: [],
    requestId: 'extract.8',
  });
  const since = Date.UTC(2026, 10, 28) + 8;
  expect(await exportReviews(audit, out, { since }, 'ada')).toEqual({ reviews: 1, erased: 0 });
  const looks = (await entriesOf(store)).filter(({ what }) => what === 'texts.read');
  expect(looks).toMatchObject([
    { by: 'ada', details: { reviews: true, since: null } },
    { by: 'ada', details: { reviews: true, since: '2026-11-28T00:00:00.008Z' } },
  ]);
});
