import { pino } from 'pino';
import { handler } from '../../../jobs/poll-training/handler.ts';
import { pollTraining, type RecoveryPayload, type TrainPayload } from '../../../jobs/poll-training/job.ts';
import { MlopsError } from '../../../src/errors.ts';
import type { Cxone, Request } from '../../../src/platform/client.ts';
import { openDownloads } from '../../../src/platform/download.ts';
import type { Endpoint } from '../../../src/platform/endpoints.ts';
import type { Outcome } from '../../../src/runtime/outcome.ts';
import { openFileStore } from '../../../src/store/artifacts/file-store.ts';
import { openAudit } from '../../../src/store/audit/audit.ts';
import { openDatasets } from '../../../src/store/datasets/datasets.ts';
import { openModels } from '../../../src/store/models/models.ts';
import { openPushes } from '../../../src/store/pushes/pushes.ts';
import { openCancellations } from '../../../src/store/requests/cancellations.ts';
import { openRuns } from '../../../src/store/runs/runs.ts';
import { openSchedules } from '../../../src/store/schedules/schedules.ts';
import { openTrainings } from '../../../src/store/trainings/trainings.ts';
import { openTunings } from '../../../src/store/tunings/tunings.ts';
import { openUploads } from '../../../src/store/uploads/uploads.ts';
import { silence } from '../../notification-resources.ts';
import { trainingSet } from '../../sandbox/trainings.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

/** What the platform does next: a function that gives the body, or throws what the client would. */
export interface Reply {
  readonly body: () => unknown;
  /** Whether the question leaves at all; true by default. */
  readonly isSent?: boolean;
  /** What happens elsewhere meanwhile. */
  readonly before?: () => Promise<void>;
}
export const says = (body: unknown): Reply => ({ body: () => body });
export const fails = (error: Error, isSent = true): Reply => ({
  isSent,
  body: () => {
    throw error;
  },
});

const silent = pino({ level: 'silent' });

/** The job's handler on a store of its own, before a platform that replies as it is told to. */
export async function bench(change: Partial<TrainPayload> = {}) {
  const store = openFileStore(temporaryFolder());
  const uploads = openUploads(store);
  const { trainingData, labels } = trainingSet();
  const text = JSON.stringify({ utterances: trainingData.utterances, labels });
  const upload = await uploads.take('intents.json', chunk(text));
  const replies: Reply[] = [];
  const recoveryId: { endpoint: string; request: Request; at: number }[] = [];
  const cxone: Cxone = {
    async ask<Answer>(endpoint: Endpoint<Answer>, request: Request) {
      const reply = replies.shift();
      if (reply === undefined) throw new Error(`nobody expected ${endpoint.name}`);
      if (reply.isSent !== false) {
        await request.beforeSend?.();
        recoveryId.push({ endpoint: endpoint.name, request, at: Date.now() });
      }
      await reply.before?.();
      const parsed = endpoint.answer.safeParse(reply.body());
      if (!parsed.success) throw new MlopsError('PLATFORM_WRONG_SHAPE', `${endpoint.name}: a shape we do not know`);
      return { answer: parsed.data, sentAt: Date.now(), answeredAt: null };
    },
    close: () => undefined,
  };
  const trainings = openTrainings(store);
  const audit = openAudit(store);
  const resources = {
    cxone,
    uploads,
    trainings,
    audit,
    models: openModels(store),
    downloads: openDownloads(() => ({ platform: 'https://platform.example', mostBytes: 1_000_000 })),
    cancellations: openCancellations(store),
    ...silence(),
    schedules: openSchedules(store),
    runs: openRuns(store),
    datasets: openDatasets(store),
    pushes: openPushes(store),
    tunings: openTunings(store),
    embedder: {
      dimension: 384,
      modelHash: '',
      stats: { texts: 0, sequences: 0, batches: 0 },
      embed: () => Promise.reject(new Error('not here')),
      close: async () => undefined,
    },
  };
  let progress: unknown = 0;
  const context = () => ({
    resources,
    jobId: 'job',
    attempt: 1,
    logger: silent,
    signal: new AbortController().signal,
    get lastProgress() {
      return progress;
    },
    async progress(shown: unknown) {
      progress = structuredClone(shown);
    },
  });
  const payload: TrainPayload = {
    kind: 'train',
    tenant: 'ours',
    request: 'r-1',
    maxPolls: 60,
    by: 'ann',
    skillId: 'skill-1',
    data: upload.ref,
    source: { kind: 'file', name: 'intents.json' },
    downsample: null,
    ...change,
  };
  return {
    recoveryId,
    trainings,
    audit,
    resources,
    shown: () => progress,
    /** As when Redis has lost the job, or another one takes the request up. */
    forget() {
      progress = 0;
    },
    /** One activation of the job. */
    async run(...next: Reply[]): Promise<Outcome<unknown>> {
      replies.push(...next);
      return await handler.run(pollTraining.spec(payload).payload, context());
    },
    /** One activation of a job that remedies. */
    async recover(given: Pick<RecoveryPayload, 'attach' | 'recoveryId'>, ...next: Reply[]): Promise<Outcome<unknown>> {
      replies.push(...next);
      const { tenant, request, maxPolls, by } = payload;
      return await handler.run({ kind: 'recovery', tenant, request, maxPolls, by, ...given }, context());
    },
    kinds: async () => (await trainings.read('r-1')).events.map(({ kind }) => kind),
    /** `kind id: outcome` of each entry of the audit log. */
    audited: async () =>
      (await audit.tail(100)).entries.map(({ kind, id, details }) =>
        [kind, id, ...('outcome' in details ? [details.outcome] : [])].join(' '),
      ),
    unexpected: () => replies.length,
  };
}

async function* chunk(text: string) {
  yield Buffer.from(text);
}
