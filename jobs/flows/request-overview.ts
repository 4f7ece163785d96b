import { z } from 'zod';
import { endStates, type ListedRequest, type RequestEnd } from '../../src/domain/request/listed-request.ts';
import { readReason } from '../../src/runtime/failure-reason.ts';
import type { RequestEntry } from '../../src/store/requests/request-list.ts';
import { findError } from '../errors.ts';
import { findRequest, type KnownRequest } from './find-request.ts';
import type { FlowResources } from './flow.ts';
import { pausedQueue } from './paused-queue.ts';
import type { RequestFailure, RequestStatus } from './request-status.ts';
import { settle } from './settle-requests.ts';
import { listedAs } from './start-request.ts';

/** A line of the list of requests. */
export const requestLine = z.object({
  id: z.string(),
  kind: z.string().describe('The flow: curation, tuning, training and so on'),
  state: z.enum(['waiting', 'running', ...endStates]),
  subject: z.string().nullable().describe('What it works on, such as a dataset or a skill'),
  by: z.string().nullable().describe('Who requested it; null for a job that was added to its queue directly'),
  created: z.string().nullable(),
  finished: z.string().nullable(),
  code: z.string().optional().describe('The error code, if it failed'),
});
export type RequestLine = z.infer<typeof requestLine>;

/** All about one request. */
export const requestOverview = requestLine.extend({
  started: z.string().nullable().describe('When a worker first took it'),
  stage: z.string().nullable(),
  progress: z.looseObject({}),
  waitsFor: z.string().nullable().describe('Why it does not continue at the moment'),
  result: z.unknown().optional(),
  error: z.object({ code: z.string(), message: z.string(), remedy: z.string().optional() }).optional(),
});
export type RequestOverview = z.infer<typeof requestOverview>;

type Resources = FlowResources;

/** The line of a listed request. One that has ended meanwhile is listed as ended from now on. */
export async function requestLineOf(resources: Resources, { request, end }: RequestEntry): Promise<RequestLine> {
  if (end !== null) return lineOf(request, end.state, end);
  const known = await findRequest(resources, request.id);
  if (known === null) return lineOf(request, 'waiting', null);
  const status = await known.flow.status(resources, known);
  await settle(resources, request, status);
  return lineOf(request, status.state, await resources.requestList.endOf(request));
}

function lineOf(
  { token, at, owner, ...request }: ListedRequest,
  state: RequestLine['state'],
  end: RequestEnd | null,
): RequestLine {
  const code = end?.code === undefined ? {} : { code: end.code };
  return { ...request, state, created: at, finished: end?.at ?? null, ...code };
}

/** All about the request of this id; `null` if it is not known. */
export async function requestOverviewOf(resources: Resources, id: string): Promise<RequestOverview | null> {
  const known = await findRequest(resources, id);
  if (known === null) return null;
  const status = await known.flow.status(resources, known);
  const job = await resources.queues.find({ queue: known.flow.queue, id });
  const progress = 'progress' in status ? { ...status.progress } : {};
  return {
    ...(await lineOfKnown(resources, known, status)),
    started: job?.startedAt == null ? null : new Date(job.startedAt).toISOString(),
    stage: 'stage' in progress && typeof progress.stage === 'string' ? progress.stage : null,
    progress,
    waitsFor: 'progress' in status ? await waitsFor(resources, known, progress) : null,
    ...(status.state === 'succeeded' ? { result: status.result } : {}),
    ...(status.state === 'failed' ? { error: withRemedy(status.error) } : {}),
  };
}

async function lineOfKnown(
  resources: Resources,
  { id, flow, accepted, payload }: KnownRequest,
  status: RequestStatus<unknown>,
): Promise<RequestLine> {
  const listed = accepted === null ? null : listedAs(accepted);
  if (listed !== null) {
    await settle(resources, listed, status);
    return lineOf(listed, status.state, await resources.requestList.endOf(listed));
  }
  const unlisted = { id, kind: flow.name, subject: flow.subjectOf(payload), by: null, created: null, finished: null };
  return { ...unlisted, state: status.state };
}

/** Why the request does not continue at the moment; `null` if nothing holds it. */
async function waitsFor(
  { queues }: Resources,
  { id, flow }: KnownRequest,
  progress: Readonly<Record<string, unknown>>,
): Promise<string | null> {
  const workers = await Promise.all(flow.queues.map(async name => ({ name, count: await queues.countWorkers(name) })));
  const paused = await pausedQueue({ queues }, flow, { state: 'waiting' });
  if (paused !== null) return `the queue ${paused}, which is paused`;
  const without = workers.filter(({ count }) => count === 0).map(({ name }) => name);
  if (without.length > 0) return `a worker of ${without.join(', ')} (start worker or up)`;
  const job = await queues.find({ queue: flow.queue, id });
  if (job !== null && job.failedReason !== null && job.attempts.failed > 0 && job.endedAt === null) {
    const { code } = readReason(job.failedReason);
    return `attempt ${job.attempts.failed + 1} of ${job.attempts.of}, after ${code}`;
  }
  return typeof progress.waitsFor === 'string' ? progress.waitsFor : null;
}

/** Without a remedy if the code is not one of this system. */
export function withRemedy(failure: RequestFailure): RequestFailure & { readonly remedy?: string } {
  const known = findError(failure.code);
  return known === undefined ? failure : { ...failure, remedy: known.remedy };
}
