import type { ChunkLine, DoneLine } from '../../src/domain/entity/batch.ts';
import type { Inference } from '../../src/domain/entity/inference.ts';
import type { Resources } from '../resources.ts';
import { type ChunkPayload, extractionJobId } from './job.ts';

/** A killed job is taken over within seconds; its chunk, after a long outage of the platform, within days. */
const textRememberedMs = 3_600_000;
const chunkRememberedMs = 7 * 24 * 3_600_000;

type Needs = Pick<Resources, 'inferences' | 'extractions'>;

/** Records the result of one text, once whatever the job's attempts. @param inference its request is the job's id */
export async function recordText(inference: Inference, { inferences }: Pick<Needs, 'inferences'>): Promise<void> {
  await inferences.record([inference], { id: inference.requestId, forMs: textRememberedMs });
}

/**
 * Records the results of a chunk, once whatever its attempts, under the first of the requests that share the batch. The
 * audit log has them when this resolves.
 */
export async function recordChunk(
  { batch, chunk }: Pick<ChunkPayload, 'batch' | 'chunk'>,
  lines: readonly ChunkLine[],
  results: readonly DoneLine[],
  by: string,
  { inferences, extractions }: Needs,
): Promise<void> {
  const [first = batch] = await extractions.requestsOf(batch);
  const requestId = extractionJobId(first);
  const at = Date.now();
  const all = results.flatMap(({ result }, index): Inference[] => {
    if ('error' in result) return [];
    const { line, id: _, ...own } = result;
    return [{ requestId, line, by, types: lines[index]?.types ?? [], result: own, at }];
  });
  await inferences.record(all, { id: `${batch}.${chunk}`, forMs: chunkRememberedMs });
  await inferences.flush();
}
