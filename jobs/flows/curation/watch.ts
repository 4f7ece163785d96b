import type { MlopsError } from '../../../src/errors.ts';
import { cancelledCode, readReason } from '../../../src/runtime/failure-reason.ts';
import type { JobSpec } from '../../../src/runtime/job-spec.ts';
import { failureOfWork } from '../../errors.ts';
import { queueNames } from '../../registry.ts';
import type { RequestFailure } from '../request-status.ts';
import { watchRequest } from '../watch.ts';
import { type CurationSummary, repeated } from './request.ts';
import { type CurationProgress, type CurationResources, curationStatus } from './status.ts';

/** A run without progress for this long is opened again. */
const standstillMs = 30_000;
/** Queues are read less often than the store: only for failures that the store cannot hold. */
const lookAtQueuesEveryMs = 3_000;
/** How many failed jobs of a queue are read, newest first. */
const lookAtFailed = 20;

/**
 * Follows a curation to its end, by the run's own record in the store.
 * @throws MlopsError the failure of the run, see `failureOfWork`
 */
export async function watchCuration(
  resources: CurationResources,
  spec: JobSpec,
  show: (progress: CurationProgress) => void,
  signal: AbortSignal,
): Promise<CurationSummary> {
  const since = Date.now();
  let lookedAtQueues = 0;
  let seen = { progress: '', at: since };
  return await watchRequest(
    resources,
    spec,
    {
      status: () => curationStatus(resources, spec.id),
      show,
      failed: async error => runFailed(error, (await resources.runs.ofRequest(spec.id))?.run),
      async keepUp(progress) {
        const { run } = progress;
        if (JSON.stringify(progress) !== seen.progress) seen = { progress: JSON.stringify(progress), at: Date.now() };
        else if (run !== undefined && Date.now() - seen.at > standstillMs) {
          await nudge(resources, spec, run);
          seen = { ...seen, at: Date.now() };
        }
        if (run === undefined || Date.now() - lookedAtQueues <= lookAtQueuesEveryMs) return;
        await throwUnrecordedFailure(resources, spec, run, since);
        lookedAtQueues = Date.now();
      },
    },
    signal,
  );
}

/** Opens the run again, which enqueues the jobs that it still needs. */
async function nudge({ runs, queues }: CurationResources, spec: JobSpec, run: string): Promise<void> {
  const again = repeated(spec);
  await runs.noteRequest(again.id, run);
  await queues.enqueue([again], { restart: 'failed' });
}

/** A store that cannot be written cannot hold the record of that failure: then the failed job holds it. */
async function throwUnrecordedFailure(
  resources: CurationResources,
  spec: JobSpec,
  run: string,
  since: number,
): Promise<void> {
  for (const queue of queueNames)
    for (const failure of await failuresOf(resources, queue, run, since)) {
      const { state } = await curationStatus(resources, spec.id);
      if (state === 'running') throw runFailed(failure, run);
    }
}

/** Failures of the run's jobs among the newest of a queue; a cancelled job does not count. */
async function failuresOf(
  { queues }: CurationResources,
  queue: string,
  run: string,
  since: number,
): Promise<RequestFailure[]> {
  const found: RequestFailure[] = [];
  let looked = 0;
  for await (const { payload, failedReason, endedAt } of queues.jobs(queue, ['failed'], lookAtFailed)) {
    if (hasRun(payload, run) && (endedAt ?? 0) >= since) found.push(readReason(failedReason ?? ''));
    looked += 1;
    if (looked === lookAtFailed) break;
  }
  return found.filter(({ code }) => code !== cancelledCode);
}

/** Whether it is the payload of one of the run's jobs. */
export function hasRun(payload: unknown, run: string): boolean {
  return typeof payload === 'object' && payload !== null && 'run' in payload && payload.run === run;
}

function runFailed({ code, message }: RequestFailure, run: string | undefined): MlopsError {
  const what = run === undefined ? 'the curation' : `the run ${run}`;
  return failureOfWork({ code, message: `${what} failed: ${message}` });
}
