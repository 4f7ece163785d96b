import type { FlowResources } from '../flow.ts';
import { extractionOf } from './status.ts';

/** The results of a finished batch, a JSON object for each line, in input order; `null` until it is finished. */
export async function batchResults(
  { extractions }: Pick<FlowResources, 'extractions'>,
  id: string,
): Promise<AsyncIterable<string> | null> {
  const batch = await extractions.batchOf(extractionOf(id));
  const plan = batch === null ? null : await extractions.plan(batch);
  if (batch === null || plan === null || (await extractions.counts(batch)) === null) return null;
  return resultLines(extractions, batch, plan.chunks);
}

async function* resultLines(
  extractions: FlowResources['extractions'],
  batch: string,
  chunks: number,
): AsyncGenerator<string> {
  for (let chunk = 0; chunk < chunks; chunk++) {
    const done = await extractions.chunk(batch, chunk);
    for (const { result } of done?.lines ?? []) yield `${JSON.stringify(result)}\n`;
  }
}

/** The lines of a batch that were left out, as JSONL; `null` if the request is for no batch. */
export async function batchRejects(
  { extractions }: Pick<FlowResources, 'extractions'>,
  id: string,
): Promise<Buffer | null> {
  const batch = await extractions.batchOf(extractionOf(id));
  return batch === null ? null : await extractions.rejects(batch);
}
