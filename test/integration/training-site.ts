import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vi } from 'vitest';
import { z } from 'zod';
import { modelOf, trainingSpec } from '../../jobs/flows/training/request.ts';
import { watchJob } from '../../jobs/flows/watch.ts';
import { registry } from '../../jobs/registry.ts';
import type { App } from '../../src/app/app.ts';
import { openStored, type Stored } from '../../src/app/stored.ts';
import { readConfig } from '../../src/config/config.ts';
import { defaultMaxPolls } from '../../src/domain/skill-training/waits.ts';
import { submitTraining } from '../../src/platform/endpoints.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/sandbox.ts';
import type { TrainingOptions } from '../../src/sandbox/training/jobs.ts';
import { trainingSet } from '../sandbox/trainings.ts';
import { conversations } from './conversations.ts';
import type { ProgramEnd } from './program-run.ts';
import { frozenTenant, openSite, type Site, timeouts } from './site.ts';

/** Trainings take no time: the first poll finds them at their end. */
export async function trainingSite(training: TrainingOptions = {}, more: SandboxOptions = {}): Promise<Site> {
  return await openSite(
    frozenTenant({
      interactions: conversations(3),
      limits: { INTERACTIONS: null, SUBMIT: null, POLL: null },
      training: { seconds: 0, artifactBytes: 300_001, ...training },
      ...more,
    }),
  );
}

/** No test waits for a budget. */
export const noLimits = { LIMIT_SUBMIT: '500/s', LIMIT_POLL: '500/s' };

export function dataOf(classes?: number, each?: number) {
  const { trainingData, labels } = trainingSet(classes, each);
  return { utterances: trainingData.utterances, labels };
}

/** A file of the site's folder. */
export async function give(site: Site, name: string, content: unknown): Promise<void> {
  await writeFile(join(site.folder, name), typeof content === 'string' ? content : JSON.stringify(content));
}

/** `train` at the command line, with a good file unless the words name another. */
export async function train(site: Site, ...words: string[]): Promise<ProgramEnd> {
  await give(site, 'intents.json', dataOf());
  const data = words.some(word => ['--data', '--dataset', '--attach', '--resubmit'].includes(word))
    ? []
    : ['--data', 'intents.json'];
  return await site.cli(['train', '--skill', 'skill-1', ...data, '--json', ...words], noLimits);
}

/** What the command prints once the model is there. */
export const summary = z.strictObject({
  tenant: z.literal('default'),
  jobId: z.string(),
  status: z.literal('COMPLETED'),
  request: z.string(),
  model: z.number(),
  metrics: z.strictObject({
    accuracy: z.number(),
    macroPrecision: z.number(),
    macroRecall: z.number(),
    macroF1: z.number(),
  }),
  bestThreshold: z.strictObject({
    grid: z.strictObject({ threshold: z.number(), f1: z.number() }),
    exact: z.strictObject({ threshold: z.number(), f1: z.number() }),
  }),
  artifacts: z.array(z.strictObject({ name: z.string(), bytes: z.number(), sha256: z.string() })),
});

export function storedOf(site: Site): Stored {
  return openStored(readConfig(site.environment(), registry));
}

/** A request as `train` makes it, enqueued; followed to its model or its failure. */
export async function request(app: App, data = dataOf(), maxPolls = defaultMaxPolls) {
  const upload = await app.uploads.take('intents.json', chunk(JSON.stringify(data)));
  const spec = trainingSpec({
    tenant: app.config.tenant.key,
    request: upload.ref,
    skillId: 'skill-1',
    data: upload.ref,
    source: { kind: 'file', name: 'intents.json' },
    downsample: null,
    maxPolls,
    by: 'ann',
  });
  await app.queues.enqueue([spec], { restart: 'failed' });
  const look = () => modelOf(app, upload.ref);
  const model = watchJob(app, spec, look, () => undefined, new AbortController().signal);
  model.catch(() => undefined);
  return { request: upload.ref, spec, model };
}

async function* chunk(text: string) {
  yield Buffer.from(text);
}

/** The statuses of the submissions that the platform saw, in the order of its answers. */
export function submissions({ requests }: Sandbox): (number | null)[] {
  return requests.filter(({ path }) => path === submitTraining.path).map(({ status }) => status);
}

/** Polls that the platform answered. */
export function polls({ requests }: Sandbox): number {
  return requests.filter(({ path }) => /\/training\/jobs\/[^/]+$/.test(path)).length;
}

/** `kind what id` of each entry of the audit log. */
export async function audited({ audit }: Stored): Promise<string[]> {
  return (await audit.tail(1_000)).entries.map(({ kind, what, id }) => `${kind} ${what} ${id}`);
}

/** What the audit log has of a request that went well with one submission. */
export function wholeAudit(id: string): string[] {
  const submission = `training.submit training-submit-${id}-1`;
  return [`intent ${submission}`, `outcome ${submission}`, `action training training-${id}`];
}

export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitUntil(isSo, timeouts);
}
