import type { Flow, FlowResources, StartedRequest } from './flow.ts';
import type { RequestStatus } from './request-status.ts';

/**
 * Cancels a request durably, so that its jobs stop before their next effect, then removes its waiting jobs.
 * @returns its status after that, and messages about work that continues
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
