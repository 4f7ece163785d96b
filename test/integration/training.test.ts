import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { registryEntry } from '../../src/domain/skill-training/registry-entry.ts';
import { exportOf, trainingToken } from '../sandbox/trainings.ts';
import { conversations } from './conversations.ts';
import { contentOf } from './dataset-content.ts';
import { curate, storeOf } from './site.ts';
import {
  audited,
  dataOf,
  give,
  noLimits,
  request,
  storedOf,
  submissions,
  summary,
  train,
  trainingSite,
  until,
  wholeAudit,
} from './training-site.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const model = registryEntry.extend({ model: z.number() });

test('a training goes from a file to the registered model', async () => {
  const site = await trainingSite();
  const end = await train(site, '--wait');
  expect(end, end.stderr).toMatchObject({ code: 0 });
  const result = summary.parse(JSON.parse(end.stdout));

  const [job] = await site.sandbox.trainings.list();
  expect(job).toMatchObject({ jobId: result.jobId, skillId: 'skill-1', utterances: 30, labels: 3 });
  expect(submissions(site.sandbox)).toEqual([202]);
  const { trainingData, labels } = await site.sandbox.trainings.submission(result.jobId);
  expect({ utterances: trainingData.utterances, labels }).toEqual(dataOf());

  const { artifacts } = await exportOf(site.sandbox, await trainingToken(site.sandbox), result.jobId);
  const theirs = await Promise.all(
    [artifacts.modelWeightsUrl, artifacts.configUrl].map(
      async url => new Uint8Array(await (await fetch(url)).arrayBuffer()),
    ),
  );
  expect(result.artifacts).toEqual(
    ['model-weights', 'config'].map((name, index) => ({
      name,
      bytes: theirs[index]?.byteLength,
      sha256: sha256(theirs[index] ?? new Uint8Array()),
    })),
  );
  expect(result.artifacts[0]?.bytes).toBe(300_001);

  const [list, shown] = await Promise.all([
    site.cli(['models', 'list', '--skill', 'skill-1', '--json']),
    site.cli(['models', 'show', '1', '--json']),
  ]);
  const { models } = z.object({ models: z.array(model) }).parse(JSON.parse(list.stdout));
  expect(models).toHaveLength(1);
  const { tenant, ...printed } = JSON.parse(shown.stdout);
  expect(tenant).toBe('default');
  const entry = model.parse(printed);
  expect(models).toEqual([entry]);
  expect(entry).toMatchObject({
    model: 1,
    jobId: result.jobId,
    request: result.request,
    metrics: result.metrics,
    bestThreshold: result.bestThreshold,
    data: { utterances: 30, source: { kind: 'file', name: 'intents.json' } },
  });
  const stored = storedOf(site);
  for (const file of entry.files) expect(sha256(await stored.store.read(file.key)), file.name).toBe(file.sha256);

  expect(await audited(stored)).toEqual(wholeAudit(result.request));
  const { entries } = await stored.audit.tail(10);
  expect(entries.at(-1)?.details).toMatchObject({
    jobId: result.jobId,
    metrics: { precision: result.metrics.macroPrecision, recall: result.metrics.macroRecall },
    compliance: { dataValidated: true, balanceChecked: true, registrySyncReady: true },
  });
  expect((await stored.audit.verify()).findings).toEqual([]);
  // Whoever has a signed link has the model; and what customers wrote stays where it was given.
  const log = JSON.stringify([entries, entry, end, (await stored.trainings.read(result.request)).events]);
  for (const kept of ['signature', 'expires=', site.sandbox.clientSecret, 'common1']) expect(log).not.toContain(kept);
});

test('without --wait it is enqueued, and whoever works on it later brings it to its end', async () => {
  const site = await trainingSite();
  const end = await train(site);
  const { id, queue } = z
    .strictObject({ tenant: z.literal('default'), id: z.string(), queue: z.string() })
    .parse(JSON.parse(end.stdout));
  expect(end).toMatchObject({ code: 0, stderr: expect.stringContaining('no worker is running') });
  expect(queue).toBe('poll-training');
  expect(submissions(site.sandbox)).toEqual([]);
  const app = await site.workingHouse(noLimits);
  await until(async () => (await app.models.list()).length === 1);
  expect(id).toBe(`train.${(await app.models.list())[0]?.entry.request}`);
});

test('what the platform says of a training that did not come to its end is what the command says', async () => {
  const ends = await Promise.all(
    [
      {
        plan: { end: 'FAILED', reason: 'The loss is not finite.' } as const,
        said: ['failed', 'The loss is not finite.'],
      },
      { plan: { end: 'CANCELLED' } as const, said: ['cancelled by the platform'] },
      { language: 'english', said: ['400', 'trainingData.language'] },
    ].map(async ({ plan, language, said }) => {
      const site = await trainingSite();
      if (plan !== undefined) site.sandbox.trainings.plan(plan);
      const { utterances, labels } = dataOf();
      const given = { utterances: utterances.map(each => ({ ...each, language: language ?? 'en' })), labels };
      await give(site, 'own.json', given);
      return { said, site, end: await train(site, '--data', 'own.json', '--wait') };
    }),
  );
  for (const { said, site, end } of ends) {
    expect(end, end.stderr).toMatchObject({ code: 1, stdout: '' });
    for (const each of said) expect(end.stderr).toContain(each);
    expect(submissions(site.sandbox)).toHaveLength(1);
    const stored = storedOf(site);
    expect(await stored.models.list()).toEqual([]);
    expect((await stored.audit.verify()).openIntents).toEqual([]);
  }
});

test('a model can be trained on a curated dataset, and says on which', async () => {
  const site = await trainingSite({}, { interactions: conversations(40) });
  const app = await site.workingHouse(noLimits);
  await curate(app, 'demo');
  const texts = [...new Set((await contentOf(app.datasets, 'demo')).kept.map(row => row[4]))];
  const labelled = texts.map((text, index) => `"${text.replaceAll('"', '""')}",${index % 2 === 0 ? 'even' : 'odd'}`);
  await give(site, 'labels.csv', `utterance,label\n${labelled.join('\n')}\n"nobody said this",even\n"nor this",\n`);

  const end = await train(site, '--dataset', 'demo@1', '--labels', 'labels.csv', '--wait');
  expect(end, end.stderr).toMatchObject({ code: 0 });
  expect(end.stderr).toMatch(/demo@1: \d+ of \d+ rows have a label, 0 have none/);
  expect(end.stderr).toContain(
    `1 utterance is not in the dataset: line ${1 + labelled.join('\n').split('\n').length + 1}`,
  );
  expect(end.stderr).toContain('1 row has no label yet');
  const [registered] = await app.models.list();
  const manifest = await readFile(join(storeOf(site, app), 'datasets', 'demo', 'log', '000000000001.json'));
  const labels = await readFile(join(site.folder, 'labels.csv'));
  expect(registered?.entry.data.source).toEqual({
    kind: 'dataset',
    dataset: 'demo',
    version: 1,
    manifestSha256: sha256(manifest),
    labelsSha256: sha256(labels),
  });
});

test('two requests of the same data are two models; one whose token was revoked is submitted once', async () => {
  const site = await trainingSite();
  const app = await site.workingHouse(noLimits);
  const first = await request(app);
  await first.model;
  site.sandbox.revokeTokens();
  const second = await request(app);
  expect((await second.model).number).toBe(2);
  expect(submissions(site.sandbox)).toEqual([202, 401, 202]);
  expect(await site.sandbox.trainings.list()).toHaveLength(2);
  const [one, other] = (await app.models.list()).map(({ entry }) => entry);
  expect(one?.data.fingerprint).toBe(other?.data.fingerprint);
  expect((await app.audit.verify()).openIntents).toEqual([]);
});
