import { waitingStates } from '../../../src/runtime/queues.ts';
import { closeIfCancelled } from '../../../src/store/runs/close-cancelled.ts';
import { embedAndDedup } from '../../embed-and-dedup/job.ts';
import { extractTurns } from '../../extract-turns/job.ts';
import { fetchPage } from '../../fetch-page/job.ts';
import type { FlowResources, StartedRequest } from '../flow.ts';
import { hasRun } from './watch.ts';

type Resources = Pick<FlowResources, 'queues' | 'runs' | 'cancellations'>;

/** Removes the waiting jobs of a cancelled curation; a run that others share continues. */
export async function cancelCuration(resources: Resources, { id }: StartedRequest): Promise<readonly string[]> {
  await resources.queues.withdraw([{ queue: fetchPage.name, id }]);
  const run = await resources.runs.ofRequest(id);
  if (run === null) return [];
  if (!(await closeIfCancelled(run.run, resources)))
    return [`The run ${run.run} continues for another request that shares it`];
  for (const { name } of [fetchPage, extractTurns, embedAndDedup]) await withdrawRun(resources, name, run.run);
  return [];
}

async function withdrawRun({ queues }: Resources, queue: string, run: string): Promise<void> {
  const waiting: { readonly queue: string; readonly id: string }[] = [];
  // List all jobs before removing any: a removal would shift the pages.
  for await (const { id, payload } of queues.jobs(queue, waitingStates))
    if (hasRun(payload, run)) waiting.push({ queue, id });
  await queues.withdraw(waiting);
}
