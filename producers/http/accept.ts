import { createHash, randomUUID } from 'node:crypto';
import { proveAccess } from '../../jobs/flows/flow.ts';
import { registry } from '../../jobs/registry.ts';
import type { App } from '../../src/app/app.ts';
import { MlopsError } from '../../src/errors.ts';
import type { JobSpec } from '../../src/runtime/job-spec.ts';
import type { AskedRequest } from '../../src/store/requests/requests.ts';
import type { Asking, FlowRoute } from './flow-route.ts';
import type { Caller } from './guard.ts';
import { Refused } from './problem.ts';

/** Jobs that may wait in a queue; further requests are answered 503. */
export const mostWaiting = 10_000;

/**
 * Takes a request in: checked, noted in the store, then enqueued. Should this process die in between, the same request
 * under the same key finds its note and is enqueued; two of them at once are one.
 *
 * @param key the caller's Idempotency-Key; without one every request is another
 * @param isAwaited whether anybody still waits for the answer: else nothing is accepted
 * @throws MlopsError, Refused
 */
export async function accept(
  app: App,
  route: FlowRoute,
  body: unknown,
  { by, owner }: Caller,
  key: string | undefined,
  isAwaited: () => boolean,
): Promise<{ readonly id: string; readonly queue: string }> {
  const token = key === undefined ? randomUUID() : `k${sha256(JSON.stringify([owner, key])).slice(0, 40)}`;
  // The body as it was parsed: the order of its fields makes no difference.
  const hash = sha256(JSON.stringify([route.flow.noun, body]));
  const known = key === undefined ? null : await app.requests.find(token);
  if (known !== null) return await enqueue(app, same(known, hash));

  await refuseWhenFull(app, route.flow.queue);
  const spec = await checkedSpec(route, body, { app, token, body: hash, by });
  // Who was told that it took too long, or has gone, asks again: this one must not be accepted behind their back.
  if (!isAwaited()) throw new MlopsError('ABORTED', 'the client has disconnected: nothing was accepted');
  const noted = await app.requests.note({
    token,
    id: spec.id,
    queue: spec.queue,
    payload: spec.payload,
    by,
    at: new Date().toISOString(),
    body: hash,
  });
  return await enqueue(app, same(noted, hash));
}

/** The request's first job, once the flow's checks have passed. */
async function checkedSpec(route: FlowRoute, body: unknown, asking: Asking): Promise<JobSpec> {
  const { flow } = route;
  const { app, token, by } = asking;
  // Before the body's data is read through and stored.
  proveAccess(app.config, flow);
  const parameters = await route.parameters(body, asking);
  await flow.check(app, parameters);
  return flow.start({ tenant: app.config.tenant.key, token, by, parameters });
}

function same(asked: AskedRequest, hash: string): AskedRequest {
  if (asked.body === hash) return asked;
  throw new Refused(
    409,
    'key-reused',
    'This Idempotency-Key was used for another request: take a new key for a new one',
  );
}

/** The order of the request's first job, as it was accepted. */
export function specOf({ queue, id, payload }: AskedRequest): JobSpec {
  const entry = registry.find(({ name }) => name === queue);
  if (entry === undefined) throw new MlopsError('INTERNAL', `there is no queue ${queue}`);
  return { queue, id, payload, policy: entry.policy, isBulk: false };
}

/** Where the job is there already, in whatever state, nothing happens. */
async function enqueue({ queues }: App, asked: AskedRequest): Promise<{ id: string; queue: string }> {
  await queues.enqueue([specOf(asked)], { restart: 'never' });
  return { id: asked.id, queue: asked.queue };
}

/** Bulk jobs, such as the pages of a large run, have a priority and are not counted: they delay no other request. */
async function refuseWhenFull({ queues }: App, queue: string): Promise<void> {
  const waiting = await queues.countWaiting(queue);
  if (waiting < mostWaiting) return;
  const detail = `${waiting} jobs wait in ${queue}, and no more are taken: come back later, or start more workers`;
  throw new Refused(503, 'queue-full', detail, { 'retry-after': '30' });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
