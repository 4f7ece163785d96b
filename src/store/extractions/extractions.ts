import { z } from 'zod';
import {
  type BatchCounts,
  batchCounts,
  batchOptions,
  type ChunkLine,
  chunkLine,
  type DoneLine,
  doneLine,
  onBadLine,
} from '../../domain/entity/batch.ts';
import { damagedArtifact, parseArtifact } from '../artifacts/parse-artifact.ts';
import { seal, sha256Of, unseal } from '../artifacts/sealed.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import { type Normalizations, openNormalizations } from './normalizations.ts';

/** `<identity>.<generation>`: what is extracted from a file with some parameters; the generation counts from 1. */
export const batchId = z.string().regex(/^[0-9a-f]{32}\.[1-9]\d{0,8}$/);

/** What makes two requests ask for the same batch. */
export const batchTerms = z.strictObject({
  /** Of the file. */
  sha256: z.string(),
  options: batchOptions,
  /** The hash of the normalization table; `null`: the default one. */
  normalization: z.string().nullable(),
  onBadLine,
});
export type BatchTerms = z.infer<typeof batchTerms>;

export const openedBatch = batchTerms.extend({
  /** The upload's. */
  ref: z.uuid(),
  /** Of the file, for messages. */
  name: z.string(),
  /** When it was opened, ISO 8601: what relative dates refer to if neither line nor options say. */
  at: z.string(),
  by: z.string(),
});
export type OpenedBatch = z.infer<typeof openedBatch>;

export const batchPlan = z.strictObject({
  lines: z.number().int(),
  chunks: z.number().int(),
  rejects: z.number().int(),
  emptyLines: z.number().int(),
});
export type BatchPlan = z.infer<typeof batchPlan>;

const chunkHeader = z.strictObject({ chunk: z.number().int(), counts: batchCounts });

/** A finished chunk. */
export interface DoneChunk {
  readonly counts: BatchCounts;
  readonly lines: readonly DoneLine[];
}

/**
 * The extractions of one tenant. All artifacts of a batch are created exclusively and never change, so that a job that
 * runs again finds what is done, whatever has happened to Redis.
 */
export interface Extractions {
  readonly normalizations: Normalizations;
  /** The batch that a request is for; `null` until one is opened. */
  batchOf(request: string): Promise<string | null>;
  /** Binds a request to a batch. @returns the batch it is bound to: of two bindings, the first one */
  bind(request: string, batch: string): Promise<string>;
  /** The requests that are bound to a batch. */
  requestsOf(batch: string): Promise<readonly string[]>;
  /** The newest batch of these terms; `null` if there is none. */
  newest(terms: BatchTerms): Promise<string | null>;
  /** Opens the batch after `newest`. @returns its id; `null` if another process was first */
  open(newest: string | null, opened: OpenedBatch): Promise<string | null>;
  opened(batch: string): Promise<OpenedBatch>;
  /** `null` until the file is split into chunks. */
  plan(batch: string): Promise<BatchPlan | null>;
  writePlan(batch: string, plan: BatchPlan): Promise<void>;
  input(batch: string, chunk: number): Promise<readonly ChunkLine[]>;
  writeInput(batch: string, chunk: number, lines: readonly ChunkLine[]): Promise<void>;
  /** The numbers of the chunks that are finished. */
  finished(batch: string): Promise<ReadonlySet<number>>;
  /** `null` until it is finished. */
  chunk(batch: string, chunk: number): Promise<DoneChunk | null>;
  writeChunk(batch: string, chunk: number, done: DoneChunk): Promise<void>;
  /** The lines that were left out, as JSONL; empty where there are none. */
  rejects(batch: string): Promise<Buffer>;
  writeRejects(batch: string, content: string): Promise<void>;
  /** The counts of a finished batch; `null` until then. */
  counts(batch: string): Promise<BatchCounts | null>;
  writeCounts(batch: string, counts: BatchCounts): Promise<BatchCounts>;
}

export function openExtractions(store: ArtifactStore): Extractions {
  const folder = (batch: string) => `extractions/batches/${batch.replace('.', '/')}`;
  const key = (batch: string, ...rest: string[]) => [folder(batch), ...rest].join('/');
  const requestKey = (request: string) => `extractions/requests/${request}`;
  const identityOf = (terms: BatchTerms) => sha256Of(canonicalTerms(terms)).slice(0, 32);

  async function read<Value>(place: string, shape: z.ZodType<Value>): Promise<Value | null> {
    const bytes = await store.readIfThere(place);
    return bytes === null ? null : parseArtifact(place, whole(place, bytes), shape);
  }
  async function write(place: string, value: unknown): Promise<boolean> {
    return await store.create(place, seal(`${JSON.stringify(value)}\n`));
  }

  return {
    normalizations: openNormalizations(store),
    batchOf: request => read(requestKey(request), batchId),
    async bind(request, batch) {
      await write(requestKey(request), batch);
      const bound = (await read(requestKey(request), batchId)) ?? batch;
      await store.create(key(bound, 'requests', request), '');
      return bound;
    },
    requestsOf: batch => store.list(key(batch, 'requests')),
    async newest(terms) {
      const identity = identityOf(terms);
      const numbers = (await store.list(`extractions/batches/${identity}`)).map(Number);
      const opened = await Promise.all(
        numbers.map(async number => ((await store.exists(key(`${identity}.${number}`, 'batch.json'))) ? number : 0)),
      );
      const last = Math.max(0, ...opened);
      return last === 0 ? null : `${identity}.${last}`;
    },
    async open(newest, opened) {
      const { sha256, options, normalization, onBadLine } = opened;
      const identity = identityOf({ sha256, options, normalization, onBadLine });
      const batch = `${identity}.${Number(newest?.split('.')[1] ?? 0) + 1}`;
      return (await write(key(batch, 'batch.json'), opened)) ? batch : null;
    },
    async opened(batch) {
      const place = key(batch, 'batch.json');
      return parseArtifact(place, whole(place, await store.read(place)), openedBatch);
    },
    plan: batch => read(key(batch, 'plan.json'), batchPlan),
    async writePlan(batch, plan) {
      await write(key(batch, 'plan.json'), plan);
    },
    async input(batch, chunk) {
      const place = key(batch, 'inputs', String(chunk));
      return lines(place, whole(place, await store.read(place)), chunkLine);
    },
    async writeInput(batch, chunk, content) {
      await store.create(key(batch, 'inputs', String(chunk)), seal(jsonLines(content)));
    },
    async finished(batch) {
      return new Set((await store.list(key(batch, 'chunks'))).map(Number));
    },
    async chunk(batch, chunk) {
      const place = key(batch, 'chunks', String(chunk));
      const bytes = await store.readIfThere(place);
      if (bytes === null) return null;
      const content = whole(place, bytes);
      const end = content.indexOf('\n') + 1;
      const { counts } = parseArtifact(place, content.subarray(0, end), chunkHeader);
      return { counts, lines: lines(place, content.subarray(end), doneLine) };
    },
    async writeChunk(batch, chunk, { counts, lines: done }) {
      await store.create(key(batch, 'chunks', String(chunk)), seal(jsonLines([{ chunk, counts }, ...done])));
    },
    async rejects(batch) {
      return (await store.readIfThere(key(batch, 'rejects'))) ?? Buffer.alloc(0);
    },
    async writeRejects(batch, content) {
      await store.create(key(batch, 'rejects'), content);
    },
    counts: batch => read(key(batch, 'result.json'), batchCounts),
    async writeCounts(batch, counts) {
      await write(key(batch, 'result.json'), counts);
      return (await read(key(batch, 'result.json'), batchCounts)) ?? counts;
    },
  };
}

/** Equal for equal terms. */
function canonicalTerms({ sha256, options, normalization, onBadLine: bad }: BatchTerms): string {
  const { language, types, threshold, timeZone, referenceTime = null, prefer = null } = options;
  return JSON.stringify([1, sha256, language, types, threshold, timeZone, referenceTime, prefer, normalization, bad]);
}

function whole(place: string, bytes: Buffer): Buffer {
  const content = unseal(bytes);
  if (content === null) throw damagedArtifact(place);
  return content;
}

function jsonLines(values: readonly unknown[]): string {
  return values.map(value => `${JSON.stringify(value)}\n`).join('');
}

function lines<Value>(place: string, content: Buffer, shape: z.ZodType<Value>): Value[] {
  const texts = content.toString('utf8').split('\n').slice(0, -1);
  return texts.map(text => parseArtifact(place, Buffer.from(text), shape));
}
