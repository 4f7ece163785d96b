import { existsSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tuningSpec } from '../../jobs/flows/tuning/request.ts';
import type { App } from '../../src/app/app.ts';
import { tuningParameters } from '../../src/domain/roc/result.ts';
import type { Swept } from '../../src/store/retention/sweep.ts';
import { curate, openSite, storeOf } from './site.ts';

const days = 86_400_000;
const rawParts = ['pages', 'plan.json', 'planned', 'turns', 'vectors'];

/** Makes everything under `path` as old as if it had been written `ms` ago. */
function age(path: string, ms: number): void {
  const at = (Date.now() - ms) / 1000;
  for (const entry of readdirSync(path, { recursive: true, encoding: 'utf8' })) utimesSync(join(path, entry), at, at);
}

const now = (app: App, isDryRun = false) => app.retention.run({ isDryRun, by: 'tester' });
const counts = (swept: readonly Swept[]) => Object.fromEntries(swept.map(({ kind, count }) => [kind, count]));

it('removes the pages and turns of runs that are over, and nothing that anybody needs', async () => {
  const site = await openSite();
  const app = await site.workingHouse();
  const store = storeOf(site, app);
  const before = await curate(app, 'demo');
  await curate(app, 'other');
  const [old, young] = [join(store, 'runs', before.runId), join(store, 'runs', 'other.00000001')];
  expect(readdirSync(old).sort()).toEqual(['head', 'log', ...rawParts, 'run.json'].sort());
  const versions = join(store, 'datasets');
  const datasets = readdirSync(versions, { recursive: true, encoding: 'utf8' }).sort();
  age(store, 6 * days);
  expect(counts(await now(app))).toEqual({ runs: 0, uploads: 0, extractions: 0, notes: 0, leftovers: 0 });
  age(store, 8 * days);
  // The end of a run counts, not its beginning.
  age(join(young, 'log'), 1 * days);

  const would = await now(app, true);
  expect(would[0]).toMatchObject({ kind: 'runs', count: 1 });
  expect(would[0]?.files).toBeGreaterThan(5);
  expect(would[0]?.bytes).toBeGreaterThan(10_000);
  expect(existsSync(join(old, 'pages'))).toBe(true);
  expect(await now(app)).toEqual(would);
  expect(readdirSync(old).sort()).toEqual(['head', 'log', 'run.json']);
  expect(readdirSync(young)).toContain('pages');
  expect(readdirSync(versions, { recursive: true, encoding: 'utf8' }).sort()).toEqual(datasets);
  expect(counts(await now(app))).toEqual({ runs: 0, uploads: 0, extractions: 0, notes: 0, leftovers: 0 });

  const again = await curate(app, 'demo');
  expect(again.runId).toBe('demo.00000002');
  expect(again.rows).toBe(before.rows);
  const [entry] = (await app.audit.tail(1)).entries;
  expect(entry).toMatchObject({ what: 'retention.run', by: 'tester', details: { runs: { count: 1 } } });
});

it('removes the folders of old runs, but for the newest of a dataset, whose number counts on', async () => {
  const site = await openSite();
  const app = await site.workingHouse();
  const store = storeOf(site, app);
  for (let run = 0; run < 3; run++) await curate(app, 'demo');
  await curate(app, 'other');
  age(store, 40 * days);
  await now(app);
  expect(readdirSync(join(store, 'runs')).sort()).toEqual(['demo.00000003', 'other.00000001']);
  expect(await curate(app, 'demo')).toMatchObject({ runId: 'demo.00000004', version: 4 });
});

it('leaves a run alone that is not over, however old', async () => {
  const site = await openSite();
  const app = await site.workingHouse();
  const { runId } = await curate(app, 'demo');
  const run = join(storeOf(site, app), 'runs', runId);
  rmSync(join(run, 'log', readdirSync(join(run, 'log')).sort().at(-1) ?? ''));
  rmSync(join(run, 'head'));
  await app.runs.note(runId, { kind: 'failed', code: 'STORE_TROUBLE', message: '', job: 'a' });
  age(storeOf(site, app), 400 * days);
  expect(counts(await now(app))).toMatchObject({ runs: 0 });
});

it('keeps uploads that are young, or named by a job that has not ended well', async () => {
  const site = await openSite();
  const app = await site.app();
  async function* bytes() {
    yield Buffer.from('intent_id,actual_label,predicted_confidence\n');
  }
  const take = async () => (await app.uploads.take('export.csv', bytes())).ref;
  const [wanted, forgotten] = [await take(), await take()];
  age(storeOf(site, app), 8 * days);
  const young = await take();
  await app.queues.enqueue(
    [
      tuningSpec({
        tenant: app.config.tenant.key,
        tuning: 'waits',
        csv: wanted,
        push: null,
        by: 'tester',
        parameters: tuningParameters.parse({}),
      }),
    ],
    { restart: 'failed' },
  );
  expect(counts(await now(app))).toMatchObject({ uploads: 1 });
  const left = readdirSync(join(storeOf(site, app), 'uploads'));
  expect(left.sort()).toEqual([wanted, young].sort());
  expect(left).not.toContain(forgotten);
});

it('keeps notes as long as a job may look at them, and takes away what killed processes left', async () => {
  const site = await openSite();
  const app = await site.app();
  const store = storeOf(site, app);
  const version = { version: 1, at: new Date().toISOString() };
  await app.pushes.append(0, {
    kind: 'pending',
    sha256: 'f'.repeat(64),
    ...version,
    request: 'push.a',
    by: 'tester',
    source: { kind: 'tuning', tuning: 'a' },
    thresholds: { global: 0.5, intents: [] },
  });
  const change = { what: 'config.push', by: 'tester', details: {} };
  await app.audit.intent({ id: 'config-push-1', ...change });
  await app.audit.intent({ id: 'config-push-0', ...change });
  await app.runs.noteRequest('open.demo.a', 'demo.00000001');
  const folder = join(store, 'runs', 'demo.00000001', 'pages');
  await mkdir(folder, { recursive: true });
  const [left, busy, stranger] = [
    '.0b5a8f0e-6a52-4bd8-9f4a-1b1f0a6f8f11',
    '.1b5a8f0e-6a52-4bd8-9f4a-1b1f0a6f8f11',
    '.nfs0001',
  ].map(name => join(folder, name));
  for (const path of [left, busy, stranger]) writeFileSync(path ?? '', 'half a page');
  age(store, 36 * days);
  writeFileSync(busy ?? '', 'still being written');
  expect(counts(await now(app))).toEqual({ runs: 0, uploads: 0, extractions: 0, notes: 0, leftovers: 1 });
  expect(readdirSync(folder).sort()).toEqual(['.1b5a8f0e-6a52-4bd8-9f4a-1b1f0a6f8f11', '.nfs0001']);

  age(store, 38 * days);
  // The request, and what the audit log once noted of something that is no push of the log.
  expect(counts(await now(app))).toMatchObject({ notes: 2 });
  expect(await app.audit.intent({ id: 'config-push-1', ...change })).toBe(false);
});

it('of all workers of a tenant one takes the turn', async () => {
  const site = await openSite();
  const houses = await Promise.all([site.app(), site.app(), site.app()]);
  const turns = await Promise.all(houses.map(app => app.retention.takeTurn()));
  expect(turns.filter(Boolean)).toHaveLength(1);
});

it('deletes nothing in the first turn after days without one: the clock may have been set ahead', async () => {
  const site = await openSite();
  const app = await site.app();
  await app.uploads.take(
    'old.csv',
    (async function* () {
      yield Buffer.from('a');
    })(),
  );
  age(storeOf(site, app), 30 * days);
  const uploads = async () => (await app.store.list('uploads')).length;
  await app.redis.client.set(`${app.prefix}:retention:at`, String(Date.now() - 4 * days));
  expect(await app.retention.takeTurn()).toBe(true);
  expect(await uploads()).toBe(1);
  await app.redis.client.del(`${app.prefix}:retention`);
  expect(await app.retention.takeTurn()).toBe(true);
  expect(await uploads()).toBe(0);
});

it('is a command', async () => {
  const site = await openSite();
  const { code, stdout } = await site.cli(['retention', 'run', '--dry-run', '--json']);
  expect(code).toBe(0);
  const nothing = { count: 0, files: 0, bytes: 0 };
  expect(JSON.parse(stdout)).toEqual({
    tenant: 'default',
    dryRun: true,
    swept: ['runs', 'uploads', 'extractions', 'notes', 'leftovers'].map(kind => ({ kind, ...nothing })),
  });
});
