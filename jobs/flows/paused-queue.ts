import type { Flow, FlowResources } from './flow.ts';
import type { RequestStatus } from './request-status.ts';

/** The first queue of a request's flow that is paused, while the request waits or runs; `null` if none is. */
export async function pausedQueue(
  { queues }: Pick<FlowResources, 'queues'>,
  flow: Pick<Flow, 'queues'>,
  { state }: Pick<RequestStatus<unknown>, 'state'>,
): Promise<string | null> {
  if (state !== 'waiting' && state !== 'running') return null;
  for (const name of flow.queues) if (await queues.isPaused(name)) return name;
  return null;
}
