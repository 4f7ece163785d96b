import { setTimeout as pause } from 'node:timers/promises';
import type { App } from '../../../src/app/app.ts';
import type { MlopsError } from '../../../src/errors.ts';
import { cancelledCode, type FailureReason, readReason } from '../../../src/runtime/failure-reason.ts';
import type { JobSpec } from '../../../src/runtime/job-spec.ts';
import { failureOfWork } from '../../errors.ts';
import { queueNames } from '../../registry.ts';
import { askedAgain, type CurationSummary } from './request.ts';
import { type CurationProgress, curationStatus } from './status.ts';

const lookEveryMs = 300;
/** A run that shows no progress for so long is looked at once more. */
const standstillMs = 30_000;
/** Queues are looked through less often than the store: only for what the store cannot tell. */
const lookAtQueuesEveryMs = 3_000;

/**
 * Follows a curation to its end. What it looks at is the run's own record in the store; should Redis lose its data
 * meanwhile, the order is placed again, which takes the run up where it stands.
 * @throws MlopsError the failure of the run, see `failureOfWork`
 */
export async function watchCuration(
  app: App,
  spec: JobSpec,
  show: (progress: CurationProgress) => void,
  signal: AbortSignal,
): Promise<CurationSummary> {
  const since = Date.now();
  let lookedAtQueues = 0;
  let seen = { progress: '', at: since };
  for (;;) {
    signal.throwIfAborted();
    const status = await curationStatus(app, spec.id);
    if (status.state === 'succeeded') return status.result;
    if (status.state === 'failed') throw runFailed(status.error, await runOf(app, spec));
    if (status.state === 'cancelled')
      throw runFailed({ code: cancelledCode, message: 'it was cancelled' }, await runOf(app, spec));

    const { progress } = status;
    show(progress);
    if (JSON.stringify(progress) !== seen.progress) seen = { progress: JSON.stringify(progress), at: Date.now() };
    else if (progress.run !== undefined && Date.now() - seen.at > standstillMs) {
      await nudge(app, spec, progress.run);
      seen = { ...seen, at: Date.now() };
    }
    if (Date.now() - lookedAtQueues > lookAtQueuesEveryMs) {
      if (status.isLost) await app.queues.enqueue([spec], { restart: 'always' });
      if (progress.run !== undefined) await throwUnrecordedFailure(app, spec, progress.run, since);
      lookedAtQueues = Date.now();
    }
    await pause(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
}

async function runOf({ runs }: App, spec: JobSpec): Promise<string | undefined> {
  return (await runs.ofRequest(spec.id))?.run;
}

/** Has the run looked at once more, whatever may have been missed: what is missing of it is ordered again. */
async function nudge(app: App, spec: JobSpec, run: string): Promise<void> {
  const again = askedAgain(spec);
  await app.runs.noteRequest(again.id, run);
  await app.queues.enqueue([again], { restart: 'failed' });
}

/** A store that cannot be written cannot hold the record of that failure: then the failed job itself tells. */
async function throwUnrecordedFailure(app: App, spec: JobSpec, run: string, since: number): Promise<void> {
  for (const name of queueNames)
    for (const job of await app.queues.queue(name).getFailed(0, 20))
      if (
        job.data?.run === run &&
        (job.finishedOn ?? 0) >= since &&
        readReason(job.failedReason).code !== cancelledCode
      ) {
        const { state } = await curationStatus(app, spec.id);
        if (state === 'running') throw runFailed(readReason(job.failedReason), run);
      }
}

function runFailed({ code, message }: FailureReason, run: string | undefined): MlopsError {
  const what = run === undefined ? 'the curation' : `the run ${run}`;
  return failureOfWork({ code, message: `${what} failed: ${message}. Run it again to resume where it stopped` });
}
