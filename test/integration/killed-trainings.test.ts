import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { App } from '../../src/app/app.ts';
import { submitTraining } from '../../src/platform/endpoints.ts';
import type { ProgramRun } from './program-run.ts';
import { type Site, storeOf } from './site.ts';
import { takenOverSoon } from './takeover.ts';
import {
  audited,
  dataOf,
  noLimits,
  polls,
  request,
  submissions,
  train,
  trainingSite,
  until,
  wholeAudit,
} from './training-site.ts';

/** As many sites at once as there are ways: a killed worker's job is another's only after its lock has ended. */
const slow = { timeout: 240_000 };

/** Has one worker at a time, each of which is killed at its moment; the last one stays. */
async function kill(site: Site, moments: readonly (() => boolean | Promise<boolean>)[]): Promise<ProgramRun> {
  let worker = await site.worker({ ...noLimits, ...takenOverSoon.variables });
  for (const moment of moments) {
    await until(moment);
    worker.child.kill('SIGKILL');
    expect((await worker.ended).signal).toBe('SIGKILL');
    worker = await site.worker({ ...noLimits, ...takenOverSoon.variables });
  }
  return worker;
}

/** Whether the log of the site's only request has so many entries. */
function entries(site: Site, app: App, count: number): () => Promise<boolean> {
  const trainings = join(storeOf(site, app), 'trainings');
  return async () => {
    const [id = ''] = await readdir(trainings).catch(() => []);
    return (await readdir(join(trainings, id, 'log')).catch(() => [])).length >= count;
  };
}

/** The next request to a path of this end gets no answer. @returns whether it has come */
function hang(site: Site, end: string): () => boolean {
  let hasCome = false;
  const match = ({ path }: { readonly path: string }) => {
    const isIt = path.endsWith(end);
    hasCome ||= isIt;
    return isIt;
  };
  site.sandbox.failNext({ kind: 'hang', match });
  return () => hasCome;
}

const asked = (site: Site, end: string) => site.sandbox.requests.filter(({ path }) => path.endsWith(end)).length;

/** Whatever was killed: of each request one job of the platform, one model, and each entry of the audit log once. */
async function expectOnce(site: Site, app: App, ...ids: string[]): Promise<void> {
  expect(submissions(site.sandbox)).toHaveLength(ids.length);
  expect(await site.sandbox.trainings.list()).toHaveLength(ids.length);
  const models = (await app.models.list()).map(({ entry }) => entry);
  expect(models.map(({ request }) => request).sort()).toEqual([...ids].sort());
  expect((await audited(app)).sort()).toEqual(ids.flatMap(wholeAudit).sort());
  expect(await app.audit.verify()).toMatchObject({ findings: [], openIntents: [] });
  for (const { jobId, files } of models)
    for (const { name, sha256 } of files) expect((await app.models.find(jobId, name))?.sha256).toBe(sha256);
}

async function killedWhileSubmitting(): Promise<void> {
  const site = await trainingSite();
  const app = await site.app(noLimits);
  const met = hang(site, submitTraining.path);
  const { model, request: id } = await request(app);
  await kill(site, [met]);
  await expect(model).rejects.toMatchObject({
    code: 'SUBMISSION_UNKNOWN',
    message: expect.stringContaining('attach the request'),
  });
  const [job] = await site.sandbox.trainings.list();
  const end = await train(site, '--attach', job?.jobId ?? '', '--wait');
  expect(end, end.stderr).toMatchObject({ code: 0 });
  await expectOnce(site, app, id);
}

async function killedWhilePollingAndExporting(): Promise<void> {
  const site = await trainingSite();
  const app = await site.app(noLimits);
  site.sandbox.trainings.plan({ holdIn: 'TRAINING' });
  const met = hang(site, '/artifacts/export');
  const { model, request: id } = await request(app);
  const polled = async () => {
    if (polls(site.sandbox) === 0) return false;
    for (const { jobId } of await site.sandbox.trainings.list()) await site.sandbox.trainings.release(jobId);
    return true;
  };
  await kill(site, [polled, met]);
  await model;
  await expectOnce(site, app, id);
  expect(asked(site, '/evaluation')).toBe(1);
}

async function killedWhileDownloadingAndRegistering(): Promise<void> {
  const site = await trainingSite();
  const app = await site.app(noLimits);
  const met = hang(site, '/config.json');
  const { model, request: id } = await request(app);
  await kill(site, [met, entries(site, app, 5)]);
  await model;
  await expectOnce(site, app, id);
  // What was there already was not fetched again.
  expect(asked(site, '/model.bin')).toBe(1);
}

test('wherever workers are killed there is one submission, one model, one entry of each kind', slow, async () => {
  await Promise.all([
    killedWhileSubmitting(),
    killedWhilePollingAndExporting(),
    killedWhileDownloadingAndRegistering(),
  ]);
});

test('5,000 utterances come through where a tenth of all requests fails and every worker is killed', slow, async () => {
  const faults = { rate: 0.1, seed: 10, slowMs: 50, except: [submitTraining.path] };
  const site = await trainingSite({ artifactBytes: 3_000_000 }, { faults });
  const app = await site.app(noLimits);
  const sizes = [100, 4, 5, 6, 7];
  const requests = await Promise.all(sizes.map(async size => await request(app, dataOf(50, size))));
  const [large] = requests;
  // A worker that is killed under a submission rightly leaves it unknown.
  const areSubmitted = async () => {
    const logs = await Promise.all(requests.map(each => app.trainings.read(each.request)));
    return polls(site.sandbox) >= 1 && logs.every(({ length }) => length >= 3);
  };
  await kill(site, [areSubmitted, entries(site, app, 4)]);
  await Promise.all(requests.map(({ model }) => model));
  const models = (await app.models.list()).map(({ entry }) => entry);
  expect(models.find(entry => entry.request === large?.request)?.data.utterances).toBe(5_000);
  await expectOnce(site, app, ...requests.map(each => each.request));
});
