import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { conversations } from './conversations.ts';
import { contentOf, filesOf, takenRows, wantedRows } from './dataset-content.ts';
import { curate, openSite, type Site, sharedSandbox, storeOf, timeouts } from './site.ts';
import { takenOverSoon } from './takeover.ts';

/** A moment of a run, as its artifacts tell it. */
type Moment = (store: string) => boolean | Promise<boolean>;

const run = (store: string, ...rest: string[]) => join(store, 'runs', 'demo.00000001', ...rest);
const holds = async (folder: string, count: number) => (await readdir(folder).catch(() => [])).length >= count;

const moments: Readonly<Record<string, Moment>> = {
  'the run is opened': store => existsSync(run(store, 'run.json')),
  'the second page is being written': store => holds(run(store, 'pages'), 2),
  'the first turns are there': store => holds(run(store, 'turns'), 1),
  'the first vectors are there': store => holds(run(store, 'vectors'), 1),
  'the last turns are there': store => holds(run(store, 'turns'), 4),
  'the plan is there': store => existsSync(run(store, 'plan.json')),
  'the part is being written': store => holds(join(store, 'datasets', 'demo', 'parts'), 1),
};

/** Curates with worker processes, one of which is killed at each of the moments (or a little later), another one started. */
async function disturbed(site: Site, kills: readonly Moment[]): Promise<Record<string, string>> {
  const app = await site.app();
  const store = storeOf(site, app);
  const curating = curate(app, 'demo');
  curating.catch(() => undefined);
  let worker = await site.worker(takenOverSoon.variables);
  for (const moment of kills) {
    await vi.waitUntil(() => moment(store), { ...timeouts, interval: 1 });
    worker.child.kill('SIGKILL');
    expect((await worker.ended).signal).toBe('SIGKILL');
    worker = await site.worker(takenOverSoon.variables);
  }
  expect(await curating).toMatchObject({ runId: 'demo.00000001', version: 1, interactions: 650 });
  const files = await filesOf(store, 'demo');
  worker.child.kill('SIGTERM');
  expect(await worker.ended).toMatchObject({ code: 0 });
  return files;
}

test('whenever workers are killed, the dataset is byte for byte that of an undisturbed run', {
  timeout: 240_000,
}, async () => {
  const sandbox = await sharedSandbox({ interactions: conversations(650) });
  const calm = await openSite(sandbox);
  const app = await calm.workingHouse();
  await curate(app, 'demo');
  const undisturbed = await filesOf(storeOf(calm, app), 'demo');
  expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(sandbox.records()));
  await app.close();

  const named = Object.keys(moments);
  const [first = [], second = [], third = []] = [named.slice(0, 2), named.slice(2, 4), named.slice(4)];
  const datasets = await Promise.all(
    [first, second, third].map(
      async names =>
        await disturbed(
          await openSite(sandbox),
          names.map(name => moments[name] ?? (() => true)),
        ),
    ),
  );
  expect(datasets).toEqual([undisturbed, undisturbed, undisturbed]);
});

test('a worker that is killed while the platform answers loses nothing, however often', {
  timeout: 240_000,
}, async () => {
  const sandbox = await sharedSandbox({ interactions: conversations(450) });
  const site = await openSite(sandbox);
  const app = await site.app();
  let worker = await site.worker(takenOverSoon.variables);
  let left = 2;
  const restarts: Promise<void>[] = [];
  const stop = sandbox.onRequest(async () => {
    if (left === 0) return;
    left -= 1;
    worker.child.kill('SIGKILL');
    await worker.ended;
    restarts.push(
      site.worker(takenOverSoon.variables).then(next => {
        worker = next;
      }),
    );
  });
  expect(await curate(app, 'demo')).toMatchObject({ runId: 'demo.00000001', version: 1, interactions: 450 });
  stop();
  await Promise.all(restarts);
  expect(left).toBe(0);
  expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(sandbox.records()));
});
