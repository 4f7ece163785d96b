import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, expect, vi } from 'vitest';
import { type CurationSummary, curationSpec } from '../../jobs/flows/curation/request.ts';
import type { CurationProgress } from '../../jobs/flows/curation/status.ts';
import { watchCuration } from '../../jobs/flows/curation/watch.ts';
import { queueNames, registry } from '../../jobs/registry.ts';
import { type App, openApp } from '../../src/app/app.ts';
import { readConfig } from '../../src/config/config.ts';
import type { CurationParameters } from '../../src/domain/run/run.ts';
import { openLogger } from '../../src/logger.ts';
import { bullQueue } from '../../src/runtime/queues.ts';
import type { WorkerTimes } from '../../src/runtime/worker.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import { compiled } from '../compiled.ts';
import { conversations, noon } from './conversations.ts';
import { type ProgramEnd, type ProgramRun, processesOf, startProgram } from './program-run.ts';
import { type RedisProcess, redisProcess } from './redis-process.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** All that a deployment has, in a folder of its own: Redis, an artifact store, and a simulated tenant behind real HTTP. */
export interface Site {
  readonly folder: string;
  readonly artifacts: string;
  readonly redis: RedisProcess;
  readonly sandbox: Sandbox;
  /** The variables of a process of this site; `undefined` takes one away. */
  environment(changes?: Variables): Record<string, string>;
  /** In this process; closed after the test. */
  app(changes?: Variables, times?: WorkerTimes): Promise<App>;
  /** The same, with workers. */
  workingHouse(changes?: Variables): Promise<App>;
  /** Closes one of them now: what it has read is forgotten. */
  leave(app: App): Promise<void>;
  /** The command line, in the site's folder. */
  cli(words: readonly string[], changes?: Variables): Promise<ProgramEnd>;
  startCli(words: readonly string[], changes?: Variables): ProgramRun;
  /** A process with workers of all queues. */
  worker(changes?: Variables): Promise<ProgramRun>;
  /** What `worker` starts Node with. */
  readonly workerCommand: readonly string[];
  start(command: readonly string[], changes?: Variables): ProgramRun;
  /** A client of the site's Redis, to look around with. */
  client(): Redis;
}

const sites = new Set<OpenSite>();

interface OpenSite extends Site {
  close(): Promise<void>;
}

afterEach(async () => {
  const open = [...sites];
  sites.clear();
  await Promise.all(open.map(site => site.close()));
  for (const { folder } of open) expect(processesOf(folder), 'processes that outlive their test').toEqual([]);
});

const cli = compiled('bin/cxone-mlops.js');
const workerCommand = [compiled('dist/test/integration/worker-process.js')];

/** A tenant with 500 conversations, a standing clock and no limits, unless the options say otherwise. */
export function frozenTenant(options: SandboxOptions = {}): SandboxOptions {
  const own = options.corpus !== undefined || options.interactions !== undefined;
  return {
    clock: { start: noon, rate: 0 },
    limits: { INTERACTIONS: null },
    ...(own ? {} : { interactions: conversations(500) }),
    ...options,
  };
}

/** @param tenant what the site's own sandbox is like, or a running one that it shares with other sites */
export async function openSite(tenant: SandboxOptions | Sandbox = frozenTenant()): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'cxone-it-'));
  const artifacts = join(folder, 'store');
  await mkdir(artifacts);
  const redis = redisProcess(folder);
  await redis.start();
  const isShared = 'url' in tenant;
  const sandbox = isShared ? tenant : await startSandbox(tenant);
  const houses: App[] = [];
  const programs: ProgramRun[] = [];
  const clients: Redis[] = [];

  const site: OpenSite = {
    folder,
    artifacts,
    redis,
    sandbox,
    workerCommand,
    environment(changes = {}) {
      const variables: Variables = {
        REDIS_URL: redis.url,
        ARTIFACTS_URL: `file:${artifacts}`,
        CXONE_BASE_URL: sandbox.url,
        CXONE_CLIENT_ID: sandbox.clientId,
        CXONE_CLIENT_SECRET: sandbox.clientSecret,
        LIMIT_INTERACTIONS: '500/s',
        ...changes,
      };
      return Object.fromEntries(
        Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      );
    },
    async app(changes, times) {
      const app = await openApp(readConfig(site.environment(changes), registry), openLogger('silent'), times);
      houses.push(app);
      return app;
    },
    async workingHouse(changes) {
      const app = await site.app(changes);
      await app.startWorkers();
      return app;
    },
    async leave(app) {
      houses.splice(houses.indexOf(app), 1);
      await app.close();
    },
    cli: (words, changes) => site.startCli(words, changes).ended,
    startCli: (words, changes) => site.start([process.execPath, cli, ...words], changes),
    async worker(changes) {
      const run = site.start([process.execPath, ...workerCommand], changes);
      await run.said('working');
      return run;
    },
    start(command, changes) {
      const run = startProgram(command, { folder, environment: site.environment(changes) });
      programs.push(run);
      return run;
    },
    client() {
      const client = new Redis({ path: redis.socket, maxRetriesPerRequest: null });
      client.on('error', () => undefined);
      clients.push(client);
      return client;
    },
    async close() {
      for (const { child } of programs) child.kill('SIGKILL');
      await Promise.all(programs.map(program => program.ended.catch(() => undefined)));
      await Promise.all(houses.map(app => app.close()));
      for (const client of clients) client.disconnect();
      if (!isShared) await sandbox.close();
      await redis.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
  sites.add(site);
  return site;
}

/** A sandbox that several sites share; closed after the test. */
export async function sharedSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(frozenTenant(options));
  shared.add(sandbox);
  return sandbox;
}

const shared = new Set<Sandbox>();
afterEach(async () => {
  await Promise.all([...shared].map(sandbox => sandbox.close()));
  shared.clear();
});

/** Asks for a curation and follows it to its end, as `curate --wait` does. */
export async function curate(
  app: App,
  dataset: string,
  parameters: CurationParameters = {},
  show: (progress: CurationProgress) => void = () => undefined,
): Promise<CurationSummary> {
  const spec = curationSpec(app.config.tenant.key, dataset, parameters);
  await app.queues.enqueue([spec], { restart: 'failed' });
  return await watchCuration(app, spec, show, new AbortController().signal);
}

/** Where a app keeps the artifacts of its tenant. */
export function storeOf(site: Site, app: App): string {
  return join(site.artifacts, app.config.tenant.key);
}

export const timeouts = { timeout: 90_000, interval: 20 } as const;

/** Resolves when no queue has work left. */
export async function idle({ queues }: App): Promise<void> {
  const areEmpty = async () => {
    const counts = await Promise.all(
      queueNames.map(name => bullQueue(queues, name).getJobCountByTypes('active', 'waiting', 'delayed', 'prioritized')),
    );
    return counts.every(count => count === 0);
  };
  // A job may enqueue the next one in a queue that was counted before it, and end before its own is counted.
  await vi.waitUntil(async () => (await areEmpty()) && (await areEmpty()), timeouts);
}

/** The pages that the sandbox was asked for, in the order of its answers. */
export function pagesAsked({ requests }: Sandbox, from = 0): number[] {
  return requests
    .slice(from)
    .flatMap(({ path, query }) => (path === '/api/v2/interactions' ? [Number(query.page)] : []));
}

export function tokensAsked({ requests }: Sandbox): number {
  return requests.filter(({ path }) => path === '/oauth/token').length;
}
