import { chunksToDo, isBatchWanted } from '../../extract-entities/batch-steps.ts';
import { extractEntities } from '../../extract-entities/job.ts';
import type { FlowResources, StartedRequest } from '../flow.ts';
import { extractionOf } from './status.ts';

/** Removes the waiting jobs of a cancelled extraction; those of a batch only once no request wants it. */
export async function cancelExtraction(
  resources: Pick<FlowResources, 'config' | 'queues' | 'extractions' | 'cancellations'>,
  { id }: StartedRequest,
): Promise<readonly string[]> {
  const { queues, extractions, config } = resources;
  await queues.withdraw([{ queue: extractEntities.name, id }]);
  const batch = await extractions.batchOf(extractionOf(id));
  if (batch === null || (await extractions.counts(batch)) !== null) return [];
  if (await isBatchWanted(batch, resources)) return ['Another request wants the same batch, which continues for it'];
  const plan = await extractions.plan(batch);
  if (plan !== null) await queues.withdraw(await chunksToDo(batch, plan, { tenant: config.tenant.key, extractions }));
  return [];
}
