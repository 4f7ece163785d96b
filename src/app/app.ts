import { queueNames, registry } from '../../jobs/registry.ts';
import type { Resources } from '../../jobs/resources.ts';
import { openDedupers } from '../compute/dedup/dedupers.ts';
import { hashModel, openEmbedder } from '../compute/embedding/embedder.ts';
import { fitMemory } from '../compute/embedding/memory.ts';
import { vendoredModel } from '../compute/embedding/model.ts';
import type { Config } from '../config/config.ts';
import { accessTo, type ConfiguredService, serviceNames } from '../config/platform.ts';
import type { Logger } from '../logger.ts';
import { signLife } from '../operators/liveness.ts';
import { jobMeter } from '../operators/metrics/job-meter.ts';
import { type Budget, openBudget } from '../platform/budget.ts';
import { type Cxone, openCxone } from '../platform/client.ts';
import { openDownloads } from '../platform/download.ts';
import type { ServiceName } from '../platform/endpoints.ts';
import { openWebhooks } from '../platform/webhooks.ts';
import { type Answers, openAnswers } from '../redis/answers/answers.ts';
import { openUnfinished, type Unfinished } from '../redis/answers/unfinished.ts';
import { connectRedis, type RedisAccess } from '../redis/connect.ts';
import { openHeartbeat, workersHeardOf } from '../redis/counters/heartbeat.ts';
import { openSharedCounters, type SharedCounters } from '../redis/counters/shared-counters.ts';
import type { InferenceRecorder } from '../redis/inferences/inferences.ts';
import { watchClock } from '../runtime/clock-steps.ts';
import { hasWork, removeQueues } from '../runtime/finished-work.ts';
import { openQueues, type Queues } from '../runtime/queues.ts';
import { settledWithin } from '../runtime/settled-within.ts';
import { type RunningWorkers, startWorkers, type WorkerTimes } from '../runtime/worker.ts';
import { proveSharedStore } from '../store/tenant/shared-store.ts';
import { openVectorIndex } from '../store/vectors/vector-index.ts';
import type { BuiltInSandbox } from './built-in-sandbox.ts';
import { openInferenceRecorder } from './inferences.ts';
import { keepRequests } from './requests.ts';
import { openRetention, type Retention } from './retention.ts';
import { keepSchedules, scheduleQueue } from './schedules.ts';
import { embeddedRedisFolder, openStored, type Stored, tenantPrefix } from './stored.ts';

/** Everything of one tenant, connected. */
export interface App extends Stored {
  readonly config: Config;
  readonly logger: Logger;
  readonly redis: RedisAccess;
  readonly queues: Queues;
  readonly budget: Budget;
  /** Counters of all processes of the tenant. */
  readonly counters: SharedCounters;
  readonly answers: Answers;
  readonly unfinished: Unfinished;
  readonly retention: Retention;
  /** Records the answers of models: audit log, metrics and analytics webhook. */
  readonly inferences: InferenceRecorder;
  /** Prefix of BullMQ's keys of this tenant. */
  readonly prefix: string;
  /** Hash of the embedding model of this app's workers. */
  modelHash(): Promise<string>;
  /** A client of the platform, opened at first use. */
  platform(): Promise<Connected>;
  /** The resources of the handlers, opened at first use. */
  resources(): Promise<Resources>;
  /** Starts workers for the named queues (default: all); `close` stops them. Workers of run-schedule enqueue the schedules. */
  startWorkers(queues?: readonly string[]): Promise<RunningWorkers>;
  /** Stops all workers: they take no new jobs, and running ones get a grace period. */
  stopWorkers(): Promise<void>;
  close(): Promise<void>;
}

/** Time that running jobs get to finish when their worker stops, in ms. */
const graceMs = 10_000;
/** Time that each part of the app gets to close, in ms. */
const closeStepMs = 2_000;

/** @throws MlopsError SERVICE_FOREIGN where a configured service is another one than the tenant has worked with */
async function proveServices(
  { tenant, services }: Config,
  { serviceIdentities }: Pick<Stored, 'serviceIdentities'>,
): Promise<void> {
  if (tenant.kind === 'sandbox') return;
  for (const service of serviceNames) {
    const access = services[service];
    if ('identity' in access) await serviceIdentities.prove(service, access.identity);
  }
}

/** @throws MlopsError BAD_CONFIG, REDIS_UNAVAILABLE, SERVICE_FOREIGN, STORE_FOREIGN, STORE_FORMER_LAYOUT, STORE_UNWRITABLE */
export async function openApp(config: Config, logger: Logger, times?: WorkerTimes): Promise<App> {
  const stored = openStored(config);
  const prefix = tenantPrefix(config);
  const redis = await connectRedis(config.redisUrl, embeddedRedisFolder(), prefix);
  const queues = openQueues(redis.client, prefix, {
    terms: config.retention,
    workersHeardOf: queue => workersHeardOf(redis.client, prefix, queue),
  });
  try {
    await proveServices(config, stored);
    await proveSharedStore(stored.store, redis.client, prefix, {
      isUnderWay: () => hasWork(queues, queueNames),
      remove: () => removeQueues(queues, queueNames),
    });
  } catch (error) {
    await queues.close();
    await redis.close();
    throw error;
  }
  const counters = openSharedCounters(redis.client, prefix);
  const heartbeat = openHeartbeat(redis.client, prefix, () =>
    signLife({ file: config.livenessFile, environment: process.env }),
  );
  const retention = openRetention({
    ...stored,
    queues,
    prefix,
    logger,
    client: redis.client,
    terms: config.retention,
  });
  const inferences = openInferenceRecorder({ ...stored, queues, prefix, logger, config, client: redis.client });
  const running = new Set<RunningWorkers>();
  const keepers = new Set<() => void>();
  let connected: Promise<Connected> | null = null;
  let opened: Promise<OpenResources> | null = null;
  let hashed: Promise<string> | null = null;

  const app: App = {
    ...stored,
    config,
    logger,
    redis,
    queues,
    prefix,
    counters,
    retention,
    inferences,
    answers: openAnswers(redis.client, prefix, config.entities.cacheBytes),
    unfinished: openUnfinished(redis.client, prefix),
    budget: openBudget(redis.client, prefix, config.limits, counters),
    async modelHash() {
      hashed ??= hashModel(config.modelPath ?? vendoredModel(), stored.modelHashes);
      return await hashed;
    },
    async platform() {
      connected ??= connectPlatform(app);
      return await connected;
    },
    async resources() {
      opened ??= openResources(app);
      return (await opened).resources;
    },
    async startWorkers(names) {
      const workers = await startWorkers({
        queues,
        prefix,
        logger,
        connection: redis.client,
        tenant: config.tenant.key,
        concurrency: config.concurrency,
        jobs: registry.filter(({ name }) => names === undefined || names.includes(name)),
        resources: await app.resources(),
        meter: jobMeter(counters),
        ...(times === undefined ? {} : { times }),
      });
      running.add(workers);
      await heartbeat.begin(names ?? queueNames);
      retention.begin();
      inferences.begin();
      if (names === undefined || names.includes(scheduleQueue)) keepers.add(await keepSchedules(app));
      keepers.add(watchClock({ client: redis.client, queues, names: queueNames, logger }));
      keepers.add(keepRequests(app));
      return workers;
    },
    async stopWorkers() {
      for (const stop of keepers) stop();
      await Promise.all([...running].map(workers => workers.stop(graceMs)));
      running.clear();
    },
    async close() {
      await app.stopWorkers();
      // None of these may delay the end: a Redis or a disk that is away does not respond.
      await settledWithin(closeStepMs, Promise.all([heartbeat.end(), retention.end(), inferences.end()]));
      await settledWithin(closeStepMs, opened?.then(resources => resources.close()) ?? Promise.resolve());
      app.answers.close();
      await settledWithin(closeStepMs, connected?.then(connection => connection.close()) ?? Promise.resolve());
      await settledWithin(closeStepMs, counters.close());
      await settledWithin(closeStepMs, queues.close());
      await redis.close();
    },
  };
  return app;
}

interface OpenResources {
  readonly resources: Resources;
  close(): Promise<void>;
}

/** Loaded only when used: a real tenant does not need it. */
async function openSandbox({ store, config }: App): Promise<BuiltInSandbox> {
  const { openBuiltInSandbox } = await import('./built-in-sandbox.ts');
  return await openBuiltInSandbox(store, config.limits);
}

interface Connected {
  readonly cxone: Cxone;
  access(service: ServiceName): Pick<ConfiguredService, 'baseUrl'>;
  close(): Promise<void>;
}

async function connectPlatform(app: App): Promise<Connected> {
  const { config, budget, counters } = app;
  const own = config.tenant.kind === 'sandbox' ? await openSandbox(app) : null;
  const access = (service: ServiceName) => own?.access ?? accessTo(config, service);
  const cxone = openCxone(access, budget, counters, async service => {
    if (own === null) await app.serviceIdentities.record(service, accessTo(config, service).identity);
  });
  return {
    cxone,
    access,
    async close() {
      cxone.close();
      await own?.close();
    },
  };
}

async function openResources(app: App): Promise<OpenResources> {
  const { config, budget, runs, datasets, uploads, tunings, pushes, trainings, models } = app;
  const { calibrations, requests, requestList, cancellations, audit, schedules, outbox, queues, inferences } = app;
  const { extractions, answers, unfinished, sealing } = app;
  const { cxone, access } = await app.platform();
  const { modelPath, embeddingMemoryMb } = config;
  const dedupers = openDedupers(config.dedupMemoryMb);
  const embedder = await openEmbedder({
    modelPath: modelPath ?? undefined,
    knownHashes: app.modelHashes,
    ...fitMemory(embeddingMemoryMb),
  });
  return {
    resources: {
      tenant: config.tenant.key,
      cxone,
      downloads: openDownloads(() => ({ platform: access('training').baseUrl, mostBytes: config.modelFileMaxBytes })),
      runs,
      datasets,
      uploads,
      tunings,
      pushes,
      trainings,
      calibrations,
      models,
      budget,
      extractions,
      answers,
      unfinished,
      sealing,
      calibrationStatusPath: config.sentiment.statusPath,
      entities: { maxTextKb: config.entities.maxTextKb, limit: config.limits.NLU },
      requests,
      requestList,
      cancellations,
      schedules,
      outbox,
      queues,
      audit,
      inferences,
      webhooks: openWebhooks(config.webhooks, budget),
      embedder,
      vectorIndex: openVectorIndex(app.store, embedder.modelHash, embedder.dimension),
      dedupers,
    },
    async close() {
      await embedder.close();
      await dedupers.close();
    },
  };
}
