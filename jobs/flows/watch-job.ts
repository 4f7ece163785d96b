import { setTimeout as pause } from 'node:timers/promises';
import type { App } from '../../src/app/app.ts';
import { MlopsError } from '../../src/errors.ts';
import { readReason } from '../../src/runtime/failure-reason.ts';
import type { JobSpec } from '../../src/runtime/job-spec.ts';
import { failureOfWork } from '../errors.ts';

const lookEveryMs = 200;

/**
 * Waits for what the job of `order` brings about, which `look` finds in the store. Should Redis have lost the job, it is
 * ordered again, which takes it up where it stands.
 * @param show told the job's own progress
 * @throws MlopsError the failure of the work, see `failureOfWork`
 */
export async function watchJob<Result>(
  { queues }: Pick<App, 'queues'>,
  spec: JobSpec,
  look: () => Promise<Result | null>,
  show: (progress: unknown) => void,
  signal: AbortSignal,
): Promise<Result> {
  const queue = queues.queue(spec.queue);
  for (;;) {
    signal.throwIfAborted();
    const state = await queue.getJobState(spec.id);
    // Looked at after the state: what a job left behind is there before it counts as ended.
    const result = await look();
    if (result !== null) return result;
    if (state === 'unknown' || state === 'completed') await queues.enqueue([spec], { restart: 'always' });
    const job = await queue.getJob(spec.id);
    if (state === 'failed')
      throw job === undefined
        ? new MlopsError('RUN_FAILED', 'the job was removed')
        : failureOfWork(readReason(job.failedReason));
    if (job !== undefined) show(job.progress);
    await pause(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
}
