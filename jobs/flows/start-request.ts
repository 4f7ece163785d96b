import type { ListedRequest } from '../../src/domain/request/listed-request.ts';
import type { JobSpec } from '../../src/runtime/job-spec.ts';
import type { Restart } from '../../src/runtime/queues.ts';
import type { AcceptedRequest } from '../../src/store/requests/requests.ts';
import type { FlowResources } from './flow.ts';
import { flows } from './flows.ts';

type Resources = Pick<FlowResources, 'requests' | 'requestList' | 'calibrations' | 'queues'>;

/** The last part of a request's id. */
export const tokenOf = (id: string) => id.slice(id.lastIndexOf('.') + 1);

/** The request as lists show it; `null` for a job that begins no request, such as that of a recovery. */
export function listedAs({ id, payload, by, owner, at }: Omit<AcceptedRequest, 'body'>): ListedRequest | null {
  const flow = flows.find(({ prefix }) => id.startsWith(`${prefix}.`));
  if (flow === undefined) return null;
  return { id, token: tokenOf(id), kind: flow.name, subject: flow.subjectOf(payload), by, owner: owner ?? null, at };
}

/**
 * Records a request durably and lists it, before its first job is enqueued: if Redis loses the job, the request is
 * started again from its record. Two calls with the same token are the same request.
 * @returns the recorded request: of two callers, the first one's
 */
export async function recordRequest(
  resources: Omit<Resources, 'queues'>,
  request: AcceptedRequest,
): Promise<AcceptedRequest> {
  const { requests, requestList } = resources;
  const noted = await requests.note(request);
  const listed = listedAs(noted);
  if (listed !== null) await requestList.add(listed);
  const flow = flows.find(({ prefix }) => noted.id.startsWith(`${prefix}.`));
  await flow?.reserve?.(resources, noted.payload);
  return noted;
}

/** Records the request that `spec` begins, and enqueues that job. */
export async function startRequest(
  resources: Resources,
  spec: JobSpec,
  { by, restart = 'failed' }: { readonly by: string; readonly restart?: Restart },
): Promise<void> {
  const { id, queue, payload } = spec;
  const at = new Date().toISOString();
  if (flows.some(({ prefix }) => id.startsWith(`${prefix}.`)))
    await recordRequest(resources, { token: tokenOf(id), id, queue, payload, by, at, body: '' });
  await resources.queues.enqueue([spec], { restart });
}
