import { createHash, randomUUID } from 'node:crypto';
import { specOf } from '../../jobs/flows/find-request.ts';
import { proveAccess } from '../../jobs/flows/flow.ts';
import { recordRequest } from '../../jobs/flows/start-request.ts';
import type { App } from '../../src/app/app.ts';
import { MlopsError } from '../../src/errors.ts';
import type { JobSpec } from '../../src/runtime/job-spec.ts';
import type { AcceptedRequest } from '../../src/store/requests/requests.ts';
import type { FlowRoute, RequestContext } from './flow-route.ts';
import type { Caller } from './guard.ts';
import { Refused } from './problem.ts';

/** Jobs that may wait in a queue; further requests get a 503. */
export const mostWaiting = 10_000;

/** A client that waits for an answer. */
export interface Awaiting extends Pick<RequestContext, 'signal' | 'checks'> {
  isAwaited(): boolean;
}

/**
 * Accepts a request: validates it, records it in the store, then enqueues it. If this process dies in between, sending
 * the request again with the same key finds the record and enqueues it. Concurrent requests with the same key count as
 * one.
 *
 * @param key the caller's Idempotency-Key; without one every request is new
 * @param awaiting the client, which may have left: then nothing is accepted
 * @throws MlopsError, Refused
 */
export async function accept(
  app: App,
  route: FlowRoute,
  body: unknown,
  caller: Caller,
  key: string | undefined,
  { isAwaited, signal, checks }: Awaiting,
): Promise<AcceptedRequest> {
  const token = key === undefined ? randomUUID() : `k${sha256(JSON.stringify([caller.owner, key])).slice(0, 40)}`;
  // The body as it was parsed: the order of its fields makes no difference.
  const hash = sha256(JSON.stringify([route.flow.noun, body]));
  const known = key === undefined ? null : await app.requests.find(token);
  if (known !== null) return await enqueue(app, same(known, hash));

  await refuseWhenFull(app, route.flow.queue);
  const spec = await checkedSpec(route, body, { app, token, body: hash, caller, signal, checks });
  // A client that got a timeout or has disconnected will retry: this request must not be accepted as well.
  if (!isAwaited()) throw new MlopsError('ABORTED', 'the client has disconnected; nothing was accepted');
  const noted = await recordRequest(app, {
    token,
    id: spec.id,
    queue: spec.queue,
    payload: spec.payload,
    by: caller.by,
    owner: caller.owner,
    at: new Date().toISOString(),
    body: hash,
  });
  return await enqueue(app, same(noted, hash));
}

/** The request's first job, once the flow's checks have passed. */
async function checkedSpec(route: FlowRoute, body: unknown, incoming: RequestContext): Promise<JobSpec> {
  const { flow } = route;
  const { app, token, caller } = incoming;
  // Before the body's data is validated and stored.
  proveAccess(app.config, flow);
  const parameters = await route.parameters(body, incoming);
  await flow.check(app, parameters);
  return flow.start({ tenant: app.config.tenant.key, token, by: caller.by, parameters });
}

function same(known: AcceptedRequest, hash: string): AcceptedRequest {
  if (known.body === hash) return known;
  throw new Refused(409, 'key-reused', 'This Idempotency-Key was used for a different request. Use a new key');
}

/** A no-op if the job already exists, in any state. */
async function enqueue({ queues }: App, request: AcceptedRequest): Promise<AcceptedRequest> {
  await queues.enqueue([specOf(request)], { restart: 'never' });
  return request;
}

/** Bulk jobs, such as the pages of a large run, have a lower priority and are not counted, because they delay no other request. */
async function refuseWhenFull({ queues }: App, queue: string): Promise<void> {
  const waiting = await queues.countWaiting(queue);
  if (waiting < mostWaiting) return;
  const detail = `The queue ${queue} is full (${waiting} waiting jobs). Retry later, or start more workers`;
  throw new Refused(503, 'queue-full', detail, { 'retry-after': '30' });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
