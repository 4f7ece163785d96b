import { computeRoc } from '../../compute-roc/job.ts';
import type { FlowResources, StartedRequest } from '../flow.ts';
import { pushSpec } from './request.ts';
import { termsOf, tuningOf } from './status.ts';

/** Removes the waiting jobs of a cancelled tuning; a push that was sent is not undone. */
export async function cancelTuning(
  { queues, pushes }: Pick<FlowResources, 'queues' | 'pushes'>,
  request: StartedRequest,
): Promise<readonly string[]> {
  const tuning = tuningOf(request.id);
  const terms = await termsOf({ pushes }, request);
  await queues.withdraw([{ queue: computeRoc.name, id: request.id }]);
  const own = (await pushes.read()).pushes.filter(({ source }) => source.kind === 'tuning' && source.tuning === tuning);
  const sent = own.find(({ timesSent }) => timesSent > 0);
  if (sent !== undefined) return [`Version ${sent.version} was already sent to the platform and is not undone`];
  // The job that would send a logged version withdraws it in the log.
  if (terms !== null && own.length === 0) await queues.withdraw([pushSpec({ tenant: '', by: '' }, tuning, terms)]);
  return [];
}
