import type { House } from '../../../src/app/app.ts';
import type { Push } from '../../../src/domain/push/push.ts';
import type { Tuning } from '../../../src/domain/roc/tuning.ts';
import { computeRoc, type PushTerms, tuningJobId } from '../../compute-roc/job.ts';
import { pushConfig } from '../../push-config/job.ts';
import { type RequestStatus, standingOf } from '../request-status.ts';
import { pushesBefore, pushOrder, type TuningResult, tuningResult } from './request.ts';

type Status = RequestStatus<TuningResult>;

/** How far a tuning is. @param terms of its push; without them it ends with the thresholds */
export async function tuningStatus(house: House, tuning: string, terms: PushTerms | null): Promise<Status> {
  const result = await house.tunings.result(tuning);
  if (result === null) return await computing(house, tuning);
  return terms === null ? await computed(house, result, null) : await pushing(house, result, terms);
}

async function computing(house: House, tuning: string): Promise<Status> {
  const id = tuningJobId(tuning);
  const job = await standingOf(house, computeRoc.name, id);
  // Looked at after the job: it may have ended just now.
  const result = await house.tunings.result(tuning);
  if (result === null && (await house.cancellations.isCancelled(id))) return { state: 'cancelled' };
  if (job.state === 'failed')
    return job.failure.code === 'CANCELLED' ? { state: 'cancelled' } : { state: 'failed', error: job.failure };
  if (job.state === 'waiting' || job.state === 'unknown')
    return { state: 'waiting', progress: { stage: 'waiting' }, isLost: job.state === 'unknown' };
  const isLost = job.state === 'completed' && result === null;
  return { state: 'running', progress: { stage: 'waiting', ...job.progress }, isLost };
}

async function computed(house: House, result: Tuning, push: Push | null): Promise<Status> {
  const before = pushesBefore((await house.pushes.read()).pushes, result.tuning);
  return { state: 'succeeded', result: tuningResult(result, before, push?.version ?? null) };
}

async function pushing(house: House, result: Tuning, terms: PushTerms): Promise<Status> {
  const order = pushOrder({ tenant: house.config.tenant.key, by: '' }, result.tuning, terms);
  const job = await standingOf(house, pushConfig.name, order.id);
  const push = (await house.pushes.read()).pushes.find(each => each.request === order.id);
  if (push?.state === 'applied') return await computed(house, result, push);
  if (push?.state === 'withdrawn') return { state: 'cancelled' };
  if (push?.state === 'refused')
    return { state: 'failed', error: { code: 'PUSH_REFUSED', message: push.reason ?? 'the platform refused it' } };

  // What was sent may have been taken: whether it was is for the platform to say, not for who cancels.
  const wasSent = push !== undefined && push.timesSent > 0;
  if (!wasSent && (await house.cancellations.isCancelled(tuningJobId(result.tuning)))) return { state: 'cancelled' };
  if (job.state === 'failed')
    return job.failure.code === 'CANCELLED' ? { state: 'cancelled' } : { state: 'failed', error: job.failure };
  const compute = job.state === 'unknown' ? await standingOf(house, computeRoc.name, tuningJobId(result.tuning)) : null;
  const isLost = compute !== null && compute.state !== 'waiting' && compute.state !== 'running';
  return { state: 'running', progress: { stage: 'pushing', ...job.progress }, isLost };
}

/** Whether the tuning's push was sent, so that cancelling does not take it back; its version. */
export async function sentVersion({ pushes }: Pick<House, 'pushes'>, tuning: string): Promise<number | null> {
  const all = (await pushes.read()).pushes;
  const own = all.find(
    ({ source, timesSent }) => source.kind === 'tuning' && source.tuning === tuning && timesSent > 0,
  );
  return own?.version ?? null;
}
