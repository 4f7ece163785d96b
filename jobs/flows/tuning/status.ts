import { z } from 'zod';
import type { Push } from '../../../src/domain/push/push.ts';
import type { Tuning } from '../../../src/domain/roc/tuning.ts';
import { cancelledCode } from '../../../src/runtime/failure-reason.ts';
import { computeRoc, type PushTerms, pushTerms, tuningJobId } from '../../compute-roc/job.ts';
import { pushRefused } from '../../push-config/errors.ts';
import type { FlowResources, StartedRequest } from '../flow.ts';
import { type RequestStatus, standingOf } from '../request-status.ts';
import { pushesBefore, pushSpec, type TuningResult, tuningResult } from './request.ts';

type TuningResources = Pick<FlowResources, 'config' | 'tunings' | 'pushes' | 'cancellations' | 'queues'>;
type Status = RequestStatus<TuningResult>;

/** How far a tuning is. @param terms of its push; without them it ends with the thresholds */
export async function tuningStatus(app: TuningResources, tuning: string, terms: PushTerms | null): Promise<Status> {
  const result = await app.tunings.result(tuning);
  if (result === null) return await computing(app, tuning);
  return terms === null ? await computed(app, result, null) : await pushing(app, result, terms);
}

async function computing(app: TuningResources, tuning: string): Promise<Status> {
  const id = tuningJobId(tuning);
  const job = await standingOf(app, { queue: computeRoc.name, id });
  // Read after the job, which may have ended just now.
  const result = await app.tunings.result(tuning);
  if (result === null && (await app.cancellations.isCancelled(id))) return { state: 'cancelled' };
  if (job.state === 'failed')
    return job.failure.code === cancelledCode ? { state: 'cancelled' } : { state: 'failed', error: job.failure };
  if (job.state === 'waiting' || job.state === 'unknown')
    return { state: 'waiting', progress: { stage: 'waiting' }, isLost: job.state === 'unknown' };
  const isLost = job.state === 'completed' && result === null;
  return { state: 'running', progress: { stage: 'waiting', ...job.progress }, isLost };
}

async function computed(app: TuningResources, result: Tuning, push: Push | null): Promise<Status> {
  const before = pushesBefore((await app.pushes.read()).pushes, result.tuning);
  return { state: 'succeeded', result: tuningResult(result, before, push?.version ?? null) };
}

async function pushing(app: TuningResources, result: Tuning, terms: PushTerms): Promise<Status> {
  const spec = pushSpec({ tenant: app.config.tenant.key, by: '' }, result.tuning, terms);
  const job = await standingOf(app, spec);
  const push = (await app.pushes.read()).pushes.find(each => each.request === spec.id);
  if (push?.state === 'applied') return await computed(app, result, push);
  if (push?.state === 'withdrawn') return { state: 'cancelled' };
  if (push?.state === 'refused')
    return { state: 'failed', error: { code: pushRefused.code, message: push.reason ?? 'the platform refused it' } };

  // A push that was sent may have been accepted: only the platform's verdict counts, not the cancellation.
  const wasSent = push !== undefined && push.timesSent > 0;
  if (!wasSent && (await app.cancellations.isCancelled(tuningJobId(result.tuning)))) return { state: 'cancelled' };
  if (job.state === 'failed')
    return job.failure.code === cancelledCode ? { state: 'cancelled' } : { state: 'failed', error: job.failure };
  const first = { queue: computeRoc.name, id: tuningJobId(result.tuning) };
  const compute = job.state === 'unknown' ? await standingOf(app, first) : null;
  const isLost = compute !== null && compute.state !== 'waiting' && compute.state !== 'running';
  return { state: 'running', progress: { stage: 'pushing', ...job.progress }, isLost };
}

/** The name of the tuning that the request `id` is for. */
export const tuningOf = (id: string) => id.slice(tuningJobId('').length);

const knownTerms = z.object({ push: pushTerms.nullable() });

/** The terms of the requested push; if they are no longer known, any push in the log shows that one was requested. */
export async function termsOf(
  { pushes }: Pick<FlowResources, 'pushes'>,
  { id, payload }: StartedRequest,
): Promise<PushTerms | null> {
  const known = knownTerms.safeParse(payload);
  if (known.success) return known.data.push;
  const all = (await pushes.read()).pushes;
  const isPushed = all.some(({ source }) => source.kind === 'tuning' && source.tuning === tuningOf(id));
  return isPushed ? { maxChange: null } : null;
}
