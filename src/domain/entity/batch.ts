import { z } from 'zod';
import { platformAnswer } from './platform-answer.ts';
import { requestDefaults, requestOptions, resolvedRequest } from './request.ts';
import { batchLine, type ExtractionResult } from './result.ts';

/** Lines of a chunk: what one job extracts from. */
export const chunkLines = 500;
/** Lines that one batch may have. */
export const mostLines = 1_000_000;

/** What is done about a line that is not a valid request: nothing is extracted, or the line is left out and listed. */
export const onBadLine = z.enum(['stop', 'skip'], 'must be stop or skip');
export type OnBadLine = z.infer<typeof onBadLine>;

/** The defaults of a file's lines. */
export const batchOptions = requestOptions.extend({
  language: requestOptions.shape.language.default(requestDefaults.language),
  types: requestOptions.shape.types.unwrap().default([...requestDefaults.types]),
  threshold: requestOptions.shape.threshold.default(requestDefaults.threshold),
  timeZone: requestOptions.shape.timeZone.default(requestDefaults.timeZone),
});
export type BatchOptions = z.infer<typeof batchOptions>;

/** A request of a chunk. */
export const chunkLine = resolvedRequest.extend({
  /** In the file, from 1, counting empty lines. */
  line: z.number().int().positive(),
  /** The earlier line of the batch that asks the platform the same: it is called once for both. */
  sameAs: z.strictObject({ line: z.number().int(), chunk: z.number().int() }).optional(),
});
export type ChunkLine = z.infer<typeof chunkLine>;

/** A line of a file that is not a valid request. */
export const rejectedLine = z.strictObject({
  line: z.number().int().positive(),
  code: z.literal('BAD_INPUT'),
  message: z.string(),
});
export type RejectedLine = z.infer<typeof rejectedLine>;

export type BatchLine = z.infer<typeof batchLine>;

/** A line of a chunk once it is done. */
export const doneLine = z.strictObject({
  result: batchLine,
  /** What the platform answered, for later lines that ask the same; `null` where it refused, or an earlier line has it. */
  answer: platformAnswer.shape.entities.nullable(),
});
export type DoneLine = z.infer<typeof doneLine>;

/** Counts of a batch, or of one of its chunks. */
export const batchCounts = z.strictObject({
  /** Results: one for each line that is a valid request. */
  lines: z.number().int(),
  succeeded: z.number().int(),
  failed: z.number().int(),
  /** Lines for which the platform was called, and answered. */
  calls: z.number().int(),
  /** Lines that were answered without a call: from the cache, or as an earlier line of the batch. */
  cacheHits: z.number().int(),
  /** Lines that were answered by an older answer because the platform failed. */
  stale: z.number().int(),
});
export type BatchCounts = z.infer<typeof batchCounts>;

export const noCounts: BatchCounts = { lines: 0, succeeded: 0, failed: 0, calls: 0, cacheHits: 0, stale: 0 };

export function addCounts(one: BatchCounts, other: BatchCounts): BatchCounts {
  return {
    lines: one.lines + other.lines,
    succeeded: one.succeeded + other.succeeded,
    failed: one.failed + other.failed,
    calls: one.calls + other.calls,
    cacheHits: one.cacheHits + other.cacheHits,
    stale: one.stale + other.stale,
  };
}

/** @param isRepeated whether an earlier line of the batch asks the same, which matters where there is no result */
export function countsOf(line: BatchLine, isRepeated: boolean): BatchCounts {
  const isRefused = 'error' in line;
  const source = isRefused ? null : line.cache_source;
  return {
    lines: 1,
    succeeded: isRefused ? 0 : 1,
    failed: isRefused ? 1 : 0,
    calls: source === 'api' || (isRefused && !isRepeated) ? 1 : 0,
    cacheHits: source === 'cache' || source === 'batch' ? 1 : 0,
    stale: source === 'stale' ? 1 : 0,
  };
}

/** A result as a line of a batch has it: its place first. */
export function lineOf(place: Pick<ChunkLine, 'line' | 'id'>, result: ExtractionResult): BatchLine {
  const { line, id } = place;
  return { line, ...(id !== undefined && { id }), ...result };
}

export function refusedLine(
  place: Pick<ChunkLine, 'line' | 'id'>,
  error: { code: string; message: string },
): BatchLine {
  const { line, id } = place;
  return { line, ...(id !== undefined && { id }), error };
}
