import { addCounts, noCounts } from '../../src/domain/entity/batch.ts';
import { Cancelled } from '../../src/errors.ts';
import type { JobSpec } from '../../src/runtime/job-spec.ts';
import type { BatchPlan } from '../../src/store/extractions/extractions.ts';
import type { Resources } from '../resources.ts';
import { extractEntities, extractionJobId } from './job.ts';

/**
 * Chunks of a batch that are in the queue at once: enough to keep the budget busy while one ends and the next begins, and
 * so few that a large batch does not fill Redis.
 */
const chunksAtOnce = 4;

type BatchResources = Pick<Resources, 'tenant' | 'extractions' | 'unfinished' | 'cancellations'>;

/** The jobs of the first chunks that are not finished. */
export async function chunksToDo(
  batch: string,
  { chunks }: Pick<BatchPlan, 'chunks'>,
  { tenant, extractions }: Pick<BatchResources, 'tenant' | 'extractions'>,
): Promise<JobSpec[]> {
  const finished = await extractions.finished(batch);
  const specs: JobSpec[] = [];
  for (let chunk = 0; chunk < chunks && specs.length < chunksAtOnce; chunk++)
    if (!finished.has(chunk)) specs.push(extractEntities.spec({ kind: 'chunk', tenant, batch, chunk }));
  return specs;
}

/** Writes the counts of a batch whose chunks are all finished. */
export async function finishIfDone(
  batch: string,
  { resources: { extractions } }: { readonly resources: Pick<BatchResources, 'extractions'> },
): Promise<void> {
  const plan = await extractions.plan(batch);
  if (plan === null || (await extractions.counts(batch)) !== null) return;
  if ((await extractions.finished(batch)).size < plan.chunks) return;
  let counts = noCounts;
  for (let chunk = 0; chunk < plan.chunks; chunk++) {
    const done = await extractions.chunk(batch, chunk);
    if (done === null) return;
    counts = addCounts(counts, done.counts);
  }
  await extractions.writeCounts(batch, counts);
}

type WantedResources = Pick<BatchResources, 'extractions' | 'cancellations'>;

/** Whether a request of the batch is not cancelled. */
export async function isBatchWanted(batch: string, { extractions, cancellations }: WantedResources): Promise<boolean> {
  const requests = await extractions.requestsOf(batch);
  for (const request of requests) if (!(await cancellations.isCancelled(extractionJobId(request)))) return true;
  return false;
}

/** @throws Cancelled */
export async function proveBatchWanted(batch: string, resources: WantedResources): Promise<void> {
  if (!(await isBatchWanted(batch, resources)))
    throw new Cancelled(`all requests of the batch ${batch} were cancelled`);
}
