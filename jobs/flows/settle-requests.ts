import type { EndState, ListedRequest } from '../../src/domain/request/listed-request.ts';
import { findRequest, type KnownRequest, specOf } from './find-request.ts';
import type { FlowResources } from './flow.ts';
import type { RequestStatus } from './request-status.ts';

/** A request is started again at the earliest this long after it was accepted: its job may be about to be enqueued. */
const restoreAfterMs = 60_000;

/**
 * Looks at the open requests: those that have ended are listed as such, and those whose jobs Redis has lost are started
 * again. Costs a status for each open request.
 * @param now in ms since 1970
 * @returns how many ended
 */
export async function settleRequests(
  resources: FlowResources,
  signal: AbortSignal,
  now: number = Date.now(),
): Promise<number> {
  let ended = 0;
  for await (const request of resources.requestList.open()) {
    if (signal.aborted) break;
    const known = await findRequest(resources, request.id);
    if (known === null) {
      await settle(resources, request, { state: 'cancelled' });
      continue;
    }
    const status = await known.flow.status(resources, known);
    if (await settle(resources, request, status)) ended++;
    else if (now - Date.parse(request.at) > restoreAfterMs) await restore(resources, known, status);
  }
  return ended;
}

/** Lists the request as ended if it is. @returns whether it is */
export async function settle(
  { requestList }: Pick<FlowResources, 'requestList'>,
  request: ListedRequest,
  status: RequestStatus<unknown>,
): Promise<boolean> {
  const state = endOf(status);
  if (state === null) return false;
  const code = status.state === 'failed' ? { code: status.error.code } : {};
  await requestList.end(request, { state, at: new Date().toISOString(), ...code });
  return true;
}

function endOf({ state }: RequestStatus<unknown>): EndState | null {
  return state === 'waiting' || state === 'running' ? null : state;
}

async function restore(
  { queues }: Pick<FlowResources, 'queues'>,
  known: KnownRequest,
  status: RequestStatus<unknown>,
): Promise<void> {
  const isLost = 'isLost' in status && status.isLost;
  if (!isLost || known.accepted === null) return;
  await queues.enqueue([specOf(known.accepted)], { restart: 'always' });
}
