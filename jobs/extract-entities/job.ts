/**
 * extract-entities: extracts entities from one text, or from the lines of a file, 500 in a job.
 *
 * Reads: the sealed text of its payload, or the upload; the answer cache; the platform (NLU budget).
 * Writes: extractions/batches/<batch>/{batch.json,inputs,plan.json,rejects,chunks,result.json}, extractions/requests/<id>;
 *   inferences, for the audit log and the metrics.
 * Emits: extract-entities, for the chunks of a batch that are to be done next.
 * Idempotent because: a batch and its chunks are created exclusively; answers of an unfinished chunk are kept in Redis as
 *   they arrive; a text alone is asked again at most where Redis has lost the answer. Inferences are recorded once by the
 *   id of the text's job, or the name of the chunk.
 */
import { z } from 'zod';
import { batchCounts, batchOptions, onBadLine } from '../../src/domain/entity/batch.ts';
import { extractFromText } from '../../src/platform/endpoints.ts';
import { defineJob } from '../../src/runtime/job.ts';
import { shown } from '../../src/runtime/shown.ts';
import { batchId } from '../../src/store/extractions/extractions.ts';
import { requestToken } from '../../src/store/requests/requests.ts';
import { sealedElsewhere } from './errors.ts';

const ofRequest = {
  tenant: shown(z.string()),
  /** Names the request; part of the job's id. */
  request: shown(requestToken),
  /** The requester. */
  by: shown(z.string()),
  /** The hash of the normalization table; `null`: the default one. */
  normalization: shown(z.string().regex(/^[0-9a-f]{64}$/))
    .nullable()
    .default(null),
};

export const textPayload = z.strictObject({
  kind: shown(z.literal('text')),
  ...ofRequest,
  /** The request, with its text, sealed. */
  sealed: z.string(),
});

export type TextPayload = z.infer<typeof textPayload>;

/** A file of requests, one a line. */
export const batchPayload = shown(
  z.strictObject({
    kind: z.literal('batch'),
    ...ofRequest,
    /** The upload's reference. */
    ref: z.uuid(),
    /** The defaults of its lines. */
    options: batchOptions.prefault({}),
    onBadLine: onBadLine.default('stop'),
    /** Takes the results of the same batch, if it was done before. */
    reuse: z.boolean().default(false),
  }),
);
export type BatchPayload = z.infer<typeof batchPayload>;

const chunkPayload = shown(
  z.strictObject({
    kind: z.literal('chunk'),
    tenant: z.string(),
    batch: batchId,
    chunk: z.number().int().nonnegative(),
  }),
);
export type ChunkPayload = z.infer<typeof chunkPayload>;

/** The purpose for which a request's text is sealed in a payload, and its result in the job's. */
export const sealedRequest = 'extract-entities.request';
export const sealedResult = 'extract-entities.result';

/** The job of a request; its id is the one that the caller sees. */
export const extractionJobId = (request: string) => `extraction.${request}`;

export const extractEntities = defineJob({
  name: 'extract-entities',
  system: 'entities',
  summary: 'Extracts entities from a text, or from 500 lines of a file',
  calls: [extractFromText],
  payload: z.discriminatedUnion('kind', [textPayload, batchPayload, chunkPayload]),
  result: z.union([
    z.strictObject({ kind: shown(z.literal('text')), sealed: z.string(), entities: shown(z.number().int()) }),
    shown(z.strictObject({ kind: z.literal('batch'), batch: batchId, lines: z.number().int() })),
    shown(z.strictObject({ kind: z.literal('chunk'), counts: batchCounts })),
  ]),
  progress: shown(
    z.union([
      z.strictObject({ stage: z.literal('reading'), lines: z.number().int() }),
      z.strictObject({ stage: z.literal('extracting'), done: z.number().int(), lines: z.number().int() }),
    ]),
  ),
  id: payload =>
    payload.kind === 'chunk' ? `chunk.${payload.batch}.${payload.chunk}` : extractionJobId(payload.request),
  isBulk: ({ kind }) => kind === 'chunk',
  policy: {
    attempts: 8,
    backoffMs: 500,
    // Most of them wait for the platform, or for their slot of the budget.
    concurrency: 64,
    timeoutMs: 15 * 60_000,
  },
  open: { payload: batchPayload, id: 'extraction.<request>' },
  errors: [sealedElsewhere],
  handler: () => import('./handler.ts'),
});
