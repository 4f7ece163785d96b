import { MlopsError } from '../../src/errors.ts';
import type { JobSpec } from '../../src/runtime/job-spec.ts';
import type { AcceptedRequest } from '../../src/store/requests/requests.ts';
import { registry } from '../registry.ts';
import type { Flow, FlowResources, StartedRequest } from './flow.ts';
import { flows } from './flows.ts';

/** A request that was started: over HTTP, on the command line, by a schedule, or by adding the job. */
export interface KnownRequest extends StartedRequest {
  readonly flow: Flow;
  /** As it was accepted over HTTP; `null` if it was started another way. */
  readonly accepted: AcceptedRequest | null;
}

/** The request of this id; `null` if neither the store nor Redis has it. */
export async function findRequest(resources: FlowResources, id: string): Promise<KnownRequest | null> {
  const flow = flows.find(({ prefix }) => id.startsWith(`${prefix}.`));
  if (flow === undefined || !/^[a-z-]+(\.[A-Za-z0-9_-]{1,64}){1,2}$/.test(id)) return null;
  const accepted = await resources.requests.find(id.slice(id.lastIndexOf('.') + 1));
  if (accepted?.id === id) return { id, flow, payload: accepted.payload, accepted };
  const job = await resources.queues.find({ queue: flow.queue, id });
  if (job === null && !(await flow.isKnown(resources, id))) return null;
  return { id, flow, payload: job?.payload ?? null, accepted: null };
}

/** The spec of the request's first job, as accepted. */
export function specOf({ queue, id, payload }: AcceptedRequest): JobSpec {
  const entry = registry.find(({ name }) => name === queue);
  if (entry === undefined) throw new MlopsError('INTERNAL', `unknown queue ${queue}`);
  return { queue, id, payload, policy: entry.policy, isBulk: false };
}
