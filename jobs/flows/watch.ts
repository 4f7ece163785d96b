import { setTimeout as pause } from 'node:timers/promises';
import type { MlopsError } from '../../src/errors.ts';
import { cancelledCode } from '../../src/runtime/failure-reason.ts';
import type { JobSpec } from '../../src/runtime/job-spec.ts';
import { failureOfWork } from '../errors.ts';
import type { FlowResources } from './flow.ts';
import { type RequestFailure, type RequestStatus, standingOf } from './request-status.ts';

const lookEveryMs = 200;
/** Jobs that Redis has lost are enqueued again at most this often. */
const restoreEveryMs = 1_000;

/** What to watch, and what to do in the meantime. */
export interface Watched<Result, Progress> {
  status(): Promise<RequestStatus<Result, Progress>>;
  show(progress: Progress): void;
  /** Called with the progress at each check until the request ends. */
  keepUp?(progress: Progress): Promise<void>;
  /** The error that the failure is thrown as. */
  failed(failure: RequestFailure): Promise<MlopsError>;
}

/**
 * Follows a request to its end. If Redis loses its jobs in the meantime, `spec` is enqueued again, which resumes
 * the request.
 * @throws MlopsError the failure; the signal's reason
 */
export async function watchRequest<Result, Progress>(
  { queues }: Pick<FlowResources, 'queues'>,
  spec: JobSpec,
  watched: Watched<Result, Progress>,
  signal: AbortSignal,
): Promise<Result> {
  let restoredAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    signal.throwIfAborted();
    const status = await watched.status();
    if (status.state === 'succeeded') return status.result;
    if (status.state === 'failed') throw await watched.failed(status.error);
    if (status.state === 'cancelled') throw await watched.failed({ code: cancelledCode, message: 'it was cancelled' });
    watched.show(status.progress);
    if (status.isLost && performance.now() - restoredAt > restoreEveryMs) {
      await queues.enqueue([spec], { restart: 'always' });
      restoredAt = performance.now();
    }
    await watched.keepUp?.(status.progress);
    await pause(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
}

/**
 * Follows one job to its effect, which `look` finds in the store.
 * @param show called with the job's own progress
 * @throws MlopsError the failure of the work, see `failureOfWork`
 */
export async function watchJob<Result>(
  resources: Pick<FlowResources, 'queues'>,
  spec: JobSpec,
  look: () => Promise<Result | null>,
  show: (progress: object) => void,
  signal: AbortSignal,
): Promise<Result> {
  const status = async (): Promise<RequestStatus<Result>> => {
    const job = await standingOf(resources, spec);
    // Read after the job: its effect is in the store before it counts as ended.
    const result = await look();
    if (result !== null) return { state: 'succeeded', result };
    if (job.state === 'failed') return { state: 'failed', error: job.failure };
    return { state: 'running', progress: job.progress, isLost: job.state === 'unknown' || job.state === 'completed' };
  };
  const failed = async (failure: RequestFailure) => failureOfWork(failure);
  return await watchRequest(resources, spec, { status, show, failed }, signal);
}
