import type { App } from '../../src/app/app.ts';
import type { AskedRequest } from '../../src/store/requests/requests.ts';
import type { Accepted, Flow } from './flow.ts';
import { flows } from './flows.ts';
import { Refused } from './problem.ts';

/** A request that somebody made: over HTTP, on the command line, or by adding the job. */
export interface KnownRequest extends Accepted {
  readonly flow: Flow;
  /** As it was accepted over HTTP; `null` where it came by another way. */
  readonly asked: AskedRequest | null;
}

/** @throws Refused 404 */
export async function findRequest(app: App, id: string): Promise<KnownRequest> {
  const flow = flows.find(({ kind }) => id.startsWith(`${kind}.`));
  if (flow === undefined || !/^[a-z-]+(\.[A-Za-z0-9_-]{1,64}){1,2}$/.test(id)) throw noSuchRequest(id);
  const asked = await app.requests.find(id.slice(id.lastIndexOf('.') + 1));
  if (asked?.id === id) return { id, flow, payload: asked.payload, asked };
  const job = await app.queues.queue(flow.queue).getJob(id);
  if (job === undefined && !(await flow.isKnown(app, id))) throw noSuchRequest(id);
  return { id, flow, payload: job?.data ?? null, asked: null };
}

function noSuchRequest(id: string): Refused {
  return new Refused(404, 'no-such-job', `There is no job ${JSON.stringify(id.slice(0, 160))}`);
}
