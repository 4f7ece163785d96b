import { setImmediate as soon } from 'node:timers/promises';
import { handler } from '../../jobs/push-config/handler.ts';
import { type PushPayload, pushConfig } from '../../jobs/push-config/job.ts';
import type { Resources } from '../../jobs/resources.ts';
import { tuningParameters } from '../../src/domain/roc/result.ts';
import type { MlopsError } from '../../src/errors.ts';
import { openLogger } from '../../src/logger.ts';
import type { Cxone } from '../../src/platform/client.ts';
import { openDownloads } from '../../src/platform/download.ts';
import { listIntents } from '../../src/platform/endpoints.ts';
import type { Context } from '../../src/runtime/handler.ts';
import type { Outcome } from '../../src/runtime/outcome.ts';
import { openFileStore } from '../../src/store/artifacts/file-store.ts';
import type { ArtifactStore } from '../../src/store/artifacts/store.ts';
import { openAudit } from '../../src/store/audit/audit.ts';
import { openCalibrations } from '../../src/store/calibrations/calibrations.ts';
import { openDatasets } from '../../src/store/datasets/datasets.ts';
import { openModels } from '../../src/store/models/models.ts';
import { openPushes } from '../../src/store/pushes/pushes.ts';
import { openCancellations } from '../../src/store/requests/cancellations.ts';
import { openRequestList } from '../../src/store/requests/request-list.ts';
import { openRequests } from '../../src/store/requests/requests.ts';
import { openRuns } from '../../src/store/runs/runs.ts';
import { openSchedules } from '../../src/store/schedules/schedules.ts';
import { openSealing } from '../../src/store/sealing/sealing.ts';
import { openTrainings } from '../../src/store/trainings/trainings.ts';
import { openTunings } from '../../src/store/tunings/tunings.ts';
import { openUploads } from '../../src/store/uploads/uploads.ts';
import { intentsOf, tuned } from '../domain/push/tuned.ts';
import { silence } from '../notification-resources.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** What becomes of the n-th PUT, from 1: the platform takes it or not, and answers, or throws what the caller sees. */
export type Answer = (take: () => void, nth: number) => void;

/** A store with a platform before it, as push jobs see them. */
export interface PushBench {
  readonly store: ArtifactStore;
  /** The default thresholds that the platform was sent, and those that it took, in their spec. */
  readonly put: number[];
  readonly taken: number[];
  answer: Answer;
  /** Is called when a request is about to look for the last time. */
  beforeLastLook: () => Promise<void>;
  /** Is called when a PUT has been claimed and is about to leave. */
  beforeLeaving: () => Promise<void>;
  /** Is thrown before there is a token. */
  withoutToken: MlopsError | null;
  /** Makes a tuning of one intent, which its pushes can be told by. @returns what asks for its push */
  tuning(name: string, threshold: number, maxChange?: number | null): Promise<PushPayload>;
  /** One try of a push job. */
  run(payload: PushPayload, resources?: PushResources): Promise<Outcome<unknown>>;
  /** The push job has failed for good. */
  fail(payload: PushPayload, error: MlopsError): Promise<void>;
  /** Those of a process of its own. `isAlive` throws once it is dead. */
  resources(store?: ArtifactStore, isAlive?: () => void): PushResources;
  /** As `version state timesSent`. */
  versions(): Promise<string[]>;
}

export function openPushBench(): PushBench {
  const store = openFileStore(temporaryFolder());
  const progress = new Map<string, Shown>();
  const shownBy = (payload: PushPayload): Shown => {
    const id = pushConfig.spec(payload).id;
    const shown = progress.get(id) ?? { last: undefined };
    progress.set(id, shown);
    return shown;
  };
  const bench: PushBench = {
    store,
    put: [],
    taken: [],
    withoutToken: null,
    answer: take => take(),
    beforeLastLook: async () => undefined,
    beforeLeaving: async () => undefined,
    async tuning(name, threshold, maxChange = null) {
      await openTunings(store).writeResult({
        tuning: name,
        at: '2024-05-15T12:00:00.000Z',
        globalThreshold: threshold,
        skipped: ['x', 'y'],
        csv: { name: 'export.csv', bytes: 1, sha256: 'f'.repeat(64), rows: 1 },
        parameters: tuningParameters.parse({}),
        tenantIntents: intentsOf('a'),
        intents: [{ ...tuned('a', threshold), name: 'A' }],
      });
      return { kind: 'tuning', tenant: 'ours', tuning: name, maxChange, by: 'ada' };
    },
    run: async (payload, resources = bench.resources()) =>
      await handler.run(payload, contextOf(resources, shownBy(payload))),
    fail: async (payload, error) =>
      await handler.failed(payload, error, contextOf(bench.resources(), shownBy(payload))),
    resources: (of = store, isAlive = () => undefined) => edgesOf(of, platform(bench, isAlive)),
    versions: async () =>
      (await openPushes(store).read()).pushes.map(each => `${each.version} ${each.state} ${each.timesSent}`),
  };
  return bench;
}

const intentsPage = { entities: intentsOf('a'), page: 1, pageCount: 1 };

function platform(bench: PushBench, isAlive: () => void): Cxone {
  return {
    async ask(endpoint, { body, beforeSend }) {
      if (bench.withoutToken !== null) throw bench.withoutToken;
      isAlive();
      if (endpoint.path === listIntents.path)
        return { answer: endpoint.answer.parse(intentsPage), sentAt: 0, answeredAt: 0 };
      await bench.beforeLastLook();
      await beforeSend?.();
      isAlive();
      const sent = Number(Object.entries(body ?? {}).find(([name]) => name === 'defaultConfidenceThreshold')?.[1]);
      await bench.beforeLeaving();
      const nth = bench.put.push(sent);
      await soon();
      bench.answer(() => bench.taken.push(sent), nth);
      await soon();
      isAlive();
      return { answer: endpoint.answer.parse({}), sentAt: 0, answeredAt: 0 };
    },
    close: () => undefined,
  };
}

function unwanted(): never {
  throw new Error('no push wants that');
}

type PushResources = Omit<
  Resources,
  'answers' | 'budget' | 'calibrationStatusPath' | 'entities' | 'extractions' | 'sealing' | 'unfinished'
>;

function edgesOf(store: ArtifactStore, cxone: Cxone): PushResources {
  return {
    cxone,
    runs: openRuns(store),
    datasets: openDatasets(store),
    uploads: openUploads(store),
    tunings: openTunings(store),
    pushes: openPushes(store),
    audit: openAudit(store),
    dedupers: { take: unwanted, close: unwanted },
    inferences: { record: unwanted, flush: unwanted },
    vectorIndex: { find: unwanted, add: unwanted },
    ...silence(),
    schedules: openSchedules(store),
    trainings: openTrainings(store),
    calibrations: openCalibrations(store, openSealing(store)),
    models: openModels(store),
    downloads: openDownloads(() => ({ platform: 'https://platform.example', mostBytes: 1_000_000 })),
    requests: openRequests(store),
    requestList: openRequestList(store),
    cancellations: openCancellations(store),
    embedder: {
      modelHash: '',
      dimension: 0,
      stats: { texts: 0, sequences: 0, batches: 0 },
      warm: unwanted,
      embed: unwanted,
      embedDistinct: unwanted,
      knows: unwanted,
      close: unwanted,
    },
  };
}

/** What a job has shown of itself, from one try to the next. */
interface Shown {
  last: unknown;
}

function contextOf(resources: PushResources, shown: Shown): Context<PushResources> {
  return {
    resources,
    jobId: 'push',
    attempt: 1,
    logger: openLogger('silent'),
    signal: new AbortController().signal,
    lastProgress: shown.last,
    async progress(progress) {
      shown.last = progress;
    },
  };
}
