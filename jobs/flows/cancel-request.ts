import type { Flow, FlowResources, StartedRequest } from './flow.ts';
import type { RequestStatus } from './request-status.ts';

/**
 * Cancels a request: durably, so that its jobs stop before their next effect, and then what waits is removed.
 * @returns its status after that, and what continues nevertheless, for people
 */
export async function cancelRequest(
  resources: FlowResources,
  flow: Flow,
  request: StartedRequest,
  by: string,
): Promise<{ readonly status: RequestStatus<unknown>; readonly goesOn: readonly string[] }> {
  await resources.cancellations.cancel(request.id, by);
  const goesOn = await flow.cancel(resources, request);
  return { status: await flow.status(resources, request), goesOn };
}
