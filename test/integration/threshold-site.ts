import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import type { PushTerms } from '../../jobs/compute-roc/job.ts';
import {
  appliedVersion,
  pushSpec,
  rollbackSpec,
  type TuningRequest,
  tuningSpec,
} from '../../jobs/flows/tuning/request.ts';
import { watchJob } from '../../jobs/flows/watch.ts';
import { pushConfig } from '../../jobs/push-config/job.ts';
import type { App } from '../../src/app/app.ts';
import { tuningParameters } from '../../src/domain/roc/result.ts';
import { type NlpConfig, putNlpConfig } from '../../src/platform/endpoints.ts';
import { bullQueue } from '../../src/runtime/queues.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { eventually } from '../eventually.ts';
import { conversations } from './conversations.ts';
import { frozenTenant, openSite, type Site } from './site.ts';

/** A threshold for each intent; an intent with `null` has samples of one class only. */
export type Wanted = Readonly<Record<string, number | null>>;

export const configPath = putNlpConfig.path;

/** Nothing waits for a limit of its own. */
const unlimited = { LIMIT_INTENTS: '500/s', LIMIT_CONFIG: '500/s' };

/** A site whose tenant has the intents `ids`, of no limits; the houses and programs of `site` get them from `changes`. */
export async function thresholdSite(
  ids: readonly string[],
  options: SandboxOptions = {},
): Promise<{ site: Site; changes: Readonly<Record<string, string>> }> {
  const site = await openSite(
    frozenTenant({
      interactions: conversations(1),
      intents: ids.map(id => ({ id, name: id.toUpperCase() })),
      limits: { INTERACTIONS: null, INTENTS: null, CONFIG: null },
      ...options,
    }),
  );
  return { site, changes: unlimited };
}

/** An export whose tuning gives each intent exactly the threshold that is wanted, a perfect one. */
export function exportOf(wanted: Wanted): string {
  const rows = Object.entries(wanted).flatMap(([id, threshold]) =>
    Array.from({ length: 6 }, (_, index) => [
      `${id},1,${threshold ?? 0.5 + index / 100}`,
      ...(threshold === null ? [] : [`${id},0,${(threshold / 2 + index / 1000).toFixed(4)}`]),
    ]).flat(),
  );
  return ['intent_id,actual_label,predicted_confidence', ...rows, ''].join('\n');
}

/** Writes the export into the site's folder. @returns its file */
export async function writeExport(site: Site, name: string, wanted: Wanted): Promise<string> {
  const file = join(site.folder, name);
  await writeFile(file, exportOf(wanted));
  return file;
}

/** What the platform is to have in force: the contract's body, in the order of the tenant's intents. */
export function configOf(global: number, wanted: Readonly<Record<string, number>>): NlpConfig {
  return {
    defaultConfidenceThreshold: global,
    intentThresholds: Object.entries(wanted).map(([intentId, confidenceThreshold]) => ({
      intentId,
      confidenceThreshold,
    })),
  };
}

/** The bodies of all requests that were to set thresholds, in the order of their answers. */
export function putBodies({ requests }: Sandbox): string[] {
  return requests.flatMap(({ path, body }) => (path === configPath && body !== null ? [body] : []));
}

/** Asks for a tuning that is pushed, as `tune --push` does; or, without terms, for one that is not. */
export async function askForPush(app: App, wanted: Wanted, terms: PushTerms | null = { maxChange: null }) {
  const content = Buffer.from(exportOf(wanted));
  const { ref } = await app.uploads.take('export.csv', bytes(content));
  const request: TuningRequest = {
    tenant: app.config.tenant.key,
    tuning: ref,
    csv: ref,
    by: 'ada',
    parameters: tuningParameters.parse({}),
    push: terms,
  };
  await app.queues.enqueue([tuningSpec(request)], { restart: 'failed' });
  return request;
}

async function* bytes(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

/** Pushes a tuning that was computed before. @returns its version */
export async function pushLater(app: App, request: TuningRequest, archive: () => void): Promise<number> {
  const never = new AbortController().signal;
  const look = () => app.tunings.result(request.tuning);
  await watchJob(app, tuningSpec(request), look, () => undefined, never);
  archive();
  const spec = pushSpec(request, request.tuning, { maxChange: null });
  await app.queues.enqueue([spec], { restart: 'failed' });
  return await watchJob(
    app,
    spec,
    () => appliedVersion(app, spec.id),
    () => undefined,
    never,
  );
}

/** Follows a push to its end, as `tune --push --wait` does. @returns its version */
export async function pushed(app: App, request: TuningRequest, show: () => void = () => undefined) {
  const never = new AbortController().signal;
  await watchJob(app, tuningSpec(request), () => app.tunings.result(request.tuning), show, never);
  const spec = pushSpec(request, request.tuning, request.push ?? { maxChange: null });
  return await watchJob(app, spec, () => appliedVersion(app, spec.id), show, never);
}

export async function push(app: App, wanted: Wanted, terms?: PushTerms): Promise<number> {
  return await pushed(app, await askForPush(app, wanted, terms));
}

/** As `config rollback --wait`. @returns the new version */
export async function rollBack(app: App, version: number): Promise<number> {
  const spec = rollbackSpec(app.config.tenant.key, version, 'ada');
  await app.queues.enqueue([spec], { restart: 'failed' });
  const look = () => appliedVersion(app, spec.id);
  return await watchJob(app, spec, look, () => undefined, new AbortController().signal);
}

/** Starts every push that waits for its next try, again and again, while `work` is under way. */
export async function hurried<Result>(app: App, work: Promise<Result>): Promise<Result> {
  const over = new AbortController();
  const hurrying = (async () => {
    while (!over.signal.aborted) {
      const jobs = await bullQueue(app.queues, pushConfig.name).getDelayed();
      await Promise.all(jobs.map(job => job.promote().catch(() => undefined)));
      await pause(20, undefined, { signal: over.signal }).catch(() => undefined);
    }
  })();
  return await work.finally(async () => {
    over.abort();
    await hurrying;
  });
}

/** The versions as `version state`, such as `1 applied`. */
export async function versionsOf({ pushes }: Pick<App, 'pushes'>): Promise<string[]> {
  return (await pushes.read()).pushes.map(({ version, state }) => `${version} ${state}`);
}

/** The audit log is whole, and tells of each settled version once what was meant and once what became of it. */
export async function expectAudited(app: App, ...states: readonly string[]): Promise<void> {
  // The outcome is written after the state that a caller waits for.
  await eventually(async () => (await app.audit.tail(1_000)).entries.length >= 2 * states.length);
  const report = await app.audit.verify();
  expect(report.findings).toEqual([]);
  expect(report.openIntents).toEqual([]);
  const { entries } = await app.audit.tail(1_000);
  expect(entries.map(({ id, kind, details }) => [id, kind, details.version, details.state])).toEqual(
    states.flatMap((state, index) => [
      [`config-push-${index + 1}`, 'intent', index + 1, undefined],
      [`config-push-${index + 1}`, 'outcome', index + 1, state],
    ]),
  );
}
