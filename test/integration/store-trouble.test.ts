import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { conversation, conversations, noon } from './conversations.ts';
import { contentOf, filesOf, takenRows, wantedRows } from './dataset-content.ts';
import { curate, frozenTenant, openSite, storeOf, timeouts } from './site.ts';

test.each(['runs/demo.00000002', 'datasets/other'])(
  'a file where the folder %s belongs fails the run with the path and the reason',
  async place => {
    const site = await openSite(frozenTenant({ interactions: conversations(250) }));
    const app = await site.workingHouse();
    const store = storeOf(site, app);
    await curate(app, 'demo');
    const before = await filesOf(store, 'demo');
    const dataset = place.startsWith('datasets') ? 'other' : 'demo';
    const blocked = join(store, place);
    await writeFile(blocked, '');
    site.sandbox.insert(conversation('late', noon, 30));

    const failure = await curate(app, dataset).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'STORE_UNWRITABLE', entry: { exit: 1 } });
    expect(String(failure)).toContain(blocked);
    expect(String(failure)).toContain('a part of the path is a file');
    expect(await filesOf(store, 'demo')).toEqual(before);

    await rm(blocked);
    expect(await curate(app, dataset)).toMatchObject({
      runId: dataset === 'demo' ? 'demo.00000002' : 'other.00000001',
      dataset,
    });
    expect(takenRows(await contentOf(app.datasets, dataset))).toEqual(wantedRows(site.sandbox.records()));
  },
);

test('a disk that is full fails the run with the path and the reason; with room again it goes on', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(450) }));
  const app = await site.app();
  // Nothing bigger than 16 kB can be written: the same to a program as a disk without room.
  const full = site.start(['sh', '-c', 'ulimit -f 32; exec "$0" "$@"', process.execPath, ...site.workerCommand]);
  await full.said('working');
  const failure = await curate(app, 'demo').catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'STORE_UNWRITABLE', entry: { exit: 1 } });
  expect(String(failure)).toContain(join(storeOf(site, app), 'runs', 'demo.00000001', 'pages'));
  expect(await app.datasets.head('demo')).toBeNull();
  full.child.kill('SIGTERM');
  expect(await full.ended).toMatchObject({ code: 0 });

  await app.startWorkers();
  expect(await curate(app, 'demo')).toMatchObject({ runId: 'demo.00000001', version: 1, interactions: 450 });
  expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records()));
});

test('damaged parts and versions are found by name, and no run builds on what it cannot trust', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(60) }));
  const first = await site.workingHouse();
  await curate(first, 'demo');
  // A process reads a file once: others find the damage.
  await site.leave(first);
  const folder = join(storeOf(site, first), 'datasets', 'demo');
  const parts = await readdir(join(folder, 'parts'));
  const files = [...parts.map(name => join(folder, 'parts', name)), join(folder, 'log', '000000000001.json')];
  expect(files).toHaveLength(5);
  expect(await site.cli(['dataset', 'verify', 'demo'])).toMatchObject({ code: 0 });

  site.sandbox.insert(conversation('late', noon, 30, { texts: ['Can I bring my dog along?'] }));
  for (const [index, file] of files.entries()) {
    const app = await site.workingHouse();
    // Other parameters each time: a new run, which has read nothing yet.
    const parameters = { lookBackMs: 600_000 + index };
    const whole = await readFile(file);
    const damaged = Buffer.from(whole);
    damaged.writeUInt8(damaged.readUInt8(7) ^ 1, 7);
    if (file.endsWith('.json')) damaged.write('}', 0);
    await writeFile(file, damaged);
    const end = await site.cli(['dataset', 'verify', 'demo', '--json']);
    expect(end.code, file).toBe(1);
    expect(end.stdout + end.stderr).toContain(file.endsWith('.json') ? '000000000001.json' : file);
    // Rows are written only: a run reads the vectors of kept ones, and the ids.
    if (!/\.(removed|kept)\./.test(file))
      await expect(curate(app, 'demo', parameters), file).rejects.toMatchObject({
        code: 'DATASET_DAMAGED',
      });
    expect(await app.datasets.numbers('demo')).toEqual([1]);
    await site.leave(app);
    await writeFile(file, whole);
  }

  const app = await site.workingHouse();
  const [missing = ''] = files.filter(file => file.includes('.taken.'));
  await rename(missing, join(site.folder, 'aside'));
  const end = await site.cli(['dataset', 'verify', 'demo']);
  expect(end).toMatchObject({ code: 1 });
  expect(end.stdout).toContain(missing);
  await expect(curate(app, 'demo')).rejects.toMatchObject({ code: 'DATASET_DAMAGED' });
  await rename(join(site.folder, 'aside'), missing);

  expect(await curate(app, 'demo')).toMatchObject({ version: 2, kept: 1 });
  expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records()));
});

test('what a run has lost of its artifacts is made anew when it is asked for again, though its job is long completed', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(450) }));
  const app = await site.workingHouse();
  let broken = true;
  site.sandbox.failNext({ kind: '403', match: request => broken && request.query.get('page') === '3', times: 100 });
  await expect(curate(app, 'demo')).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
  const turns = join(storeOf(site, app), 'runs', 'demo.00000001', 'turns');
  await vi.waitUntil(async () => (await readdir(turns)).length === 2, timeouts);
  await rm(join(turns, '0.0000001.1'));
  broken = false;
  expect(await curate(app, 'demo')).toMatchObject({ runId: 'demo.00000001', interactions: 450 });
  expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records()));
});

test('a run whose own record is damaged is passed over, and the next one takes its rows', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(60) }));
  const app = await site.workingHouse();
  const run = join(storeOf(site, app), 'runs', 'demo.00000001');
  await mkdir(run, { recursive: true });
  await writeFile(join(run, 'run.json'), '{"run":');
  expect(await curate(app, 'demo')).toMatchObject({ runId: 'demo.00000002', interactions: 60 });
});

test('damaged files of an unfinished run are fetched or computed again', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(450) }));
  const app = await site.workingHouse();
  await curate(app, 'demo');
  const right = await contentOf(app.datasets, 'demo');
  const store = storeOf(site, app);
  const run = join(store, 'runs', 'demo.00000001');
  const firstIn = async (folder: string) => join(folder, (await readdir(join(run, folder)))[0] ?? '');

  const planned = ['plan.json', 'planned', 'vectors'];
  for (const [file, lost] of [
    [await firstIn('pages'), [await firstIn('turns'), ...planned]],
    [await firstIn('turns'), planned],
    [await firstIn('vectors'), []],
    ['plan.json', []],
    [await firstIn('planned'), []],
  ] as const) {
    // As a crash right before the commit, or before the plan, leaves it.
    await rm(join(store, 'datasets', 'demo', 'log'), { recursive: true });
    await rm(join(store, 'datasets', 'demo', 'head'));
    const events = await app.runs.events('demo.00000001').numbers();
    await rm(join(run, 'log', `${String(events.at(-1)).padStart(12, '0')}.json`));
    await rm(join(run, 'head'));
    for (const each of lost) await rm(join(run, each), { recursive: true });
    const whole = await readFile(join(run, file));
    const damaged = Buffer.from(whole);
    damaged.writeUInt8(damaged.readUInt8(20) ^ 1, 20);
    await writeFile(join(run, file), damaged);

    expect(await curate(app, 'demo'), file).toMatchObject({ runId: 'demo.00000001', version: 1, interactions: 450 });
    expect(await contentOf(app.datasets, 'demo'), file).toEqual(right);
    expect((await readFile(join(run, file))).length, file).toBeGreaterThan(0);
    expect(await site.cli(['dataset', 'verify', 'demo']), file).toMatchObject({ code: 0 });
  }
});

test('a run whose log is damaged counts as closed, and the next request opens another', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(60) }));
  const app = await site.workingHouse();
  let broken = true;
  site.sandbox.failNext({ kind: '403', match: () => broken, times: 100 });
  await expect(curate(app, 'demo')).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
  broken = false;
  await curate(app, 'demo');
  const log = join(storeOf(site, app), 'runs', 'demo.00000001', 'log');
  const place = join(log, (await readdir(log)).at(-1) ?? '');
  await writeFile(place, (await readFile(place, 'utf8')).replace('committed', 'committeD'));
  expect(await site.cli(['dataset', 'verify', 'demo'])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('runs/demo.00000001/log'),
  });
  expect((await app.runs.events('demo.00000001').head())?.entry).toMatchObject({ code: 'RUN_LOG_DAMAGED' });
  expect(await curate(app, 'demo')).toMatchObject({ runId: 'demo.00000002', version: 2 });
});

test('a watermark in the future is refused, and left by a restore that takes it back', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(60) }));
  const app = await site.workingHouse();
  await curate(app, 'demo');
  const head = await app.datasets.version('demo');
  const watermark = new Date(Date.now() + 3_600_000).toISOString();
  await app.datasets.commit(1, { ...head.entry, watermark });
  const verified = await site.cli(['dataset', 'verify', 'demo']);
  expect(verified).toMatchObject({ code: 1, stdout: expect.stringContaining(watermark) });
  await expect(curate(app, 'demo')).rejects.toMatchObject({ code: 'CLOCK_SKEWED' });
  expect(await site.cli(['dataset', 'restore', 'demo@1', '--rewind'])).toMatchObject({ code: 0 });
  expect(await curate(app, 'demo')).toMatchObject({ version: 4 });
});
