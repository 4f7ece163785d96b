import type { z } from 'zod';
import type { StoredFile } from '../../domain/skill-training/data-summary.ts';
import { type EvaluationResult, evaluationResult } from '../../domain/skill-training/evaluate.ts';
import { type TrainingPayload, trainingPayload } from '../../domain/skill-training/payload.ts';
import { type RequestEvent, requestEvent } from '../../domain/skill-training/request-event.ts';
import { type RequestState, stateOf } from '../../domain/skill-training/request-state.ts';
import { type LogFinding, type Numbered, openLog } from '../artifacts/log.ts';
import { damagedArtifact, parseArtifact } from '../artifacts/parse-artifact.ts';
import { sha256Of } from '../artifacts/sealed.ts';
import type { ArtifactStore } from '../artifacts/store.ts';

/** The training requests of one tenant: what happened to each, its payload, its evaluation and report. */
export interface Trainings {
  /** The ids of all requests. */
  list(): Promise<string[]>;
  /**
   * The state of a request, `null` before its first event; and its log: its length and its events.
   * @throws MlopsError TRAINING_LOG_DAMAGED
   */
  read(request: string): Promise<{
    readonly state: RequestState | null;
    readonly length: number;
    readonly events: readonly RequestEvent[];
  }>;
  /** Appends `event` as entry `after` + 1; `null` if another writer was first: read again and decide again. */
  append(request: string, after: number, event: RequestEvent): Promise<Numbered<RequestEvent> | null>;
  writePayload(request: string, payload: TrainingPayload): Promise<StoredFile>;
  /** @throws MlopsError ARTIFACT_DAMAGED if it was changed on disk */
  readPayload(file: StoredFile): Promise<TrainingPayload>;
  /** The evaluation of the request's model from the platform's job `jobId`. */
  writeEvaluation(request: string, jobId: string, result: EvaluationResult): Promise<StoredFile>;
  readEvaluation(file: StoredFile): Promise<EvaluationResult>;
  /** The HTML page. @throws MlopsError ARTIFACT_MISSING */
  report(request: string): Promise<Buffer>;
  writeReport(request: string, html: string): Promise<void>;
  /** Checks the log of a request. */
  verify(request: string): Promise<LogFinding[]>;
}

const damage = {
  code: 'TRAINING_LOG_DAMAGED',
  remedy: 'Restore the entry from a backup of the store, or start another training',
} as const;

export function openTrainings(store: ArtifactStore): Trainings {
  const key = (request: string, ...rest: string[]) => ['trainings', request, ...rest].join('/');
  const log = (request: string) => openLog(store, key(request, 'log'), requestEvent, damage);

  /** Of two writers, the first one's content is kept. */
  async function write(place: string, content: string): Promise<StoredFile> {
    await store.create(place, content);
    const stored = await store.read(place);
    return { key: place, bytes: stored.byteLength, sha256: sha256Of(stored) };
  }

  async function readAs<Value>({ key: place, sha256 }: StoredFile, shape: z.ZodType<Value>): Promise<Value> {
    const content = await store.read(place);
    if (sha256Of(content) !== sha256) throw damagedArtifact(place);
    return parseArtifact(place, content, shape);
  }

  return {
    list: () => store.list('trainings'),
    async read(request) {
      const events = (await log(request).all()).map(({ entry }) => entry);
      return { state: stateOf(events), length: events.length, events };
    },
    append: (request, after, event) => log(request).append(after, event),
    writePayload: (request, payload) => write(key(request, 'payload.json'), JSON.stringify(payload)),
    readPayload: file => readAs(file, trainingPayload),
    writeEvaluation: (request, jobId, result) =>
      write(key(request, `evaluation-${nameOf(jobId)}.json`), JSON.stringify(result)),
    readEvaluation: file => readAs(file, evaluationResult),
    report: request => store.read(key(request, 'report.html')),
    async writeReport(request, html) {
      await store.create(key(request, 'report.html'), html);
    },
    verify: request => log(request).verify(),
  };
}

/** A platform id as part of a key. */
export function nameOf(jobId: string): string {
  return /^[A-Za-z0-9][\w-]{0,99}$/.test(jobId) ? jobId : `sha256-${sha256Of(jobId).slice(0, 32)}`;
}
