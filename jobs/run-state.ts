import { type ErrorKind, isCoded, type MlopsError } from '../src/errors.ts';
import type { Context } from '../src/runtime/handler.ts';
import { closeIfCancelled } from '../src/store/runs/close-cancelled.ts';
import { tooManyRejects } from './embed-and-dedup/errors.ts';
import { windowUnstable } from './fetch-page/errors.ts';
import { causeOf, type NotificationResources, notify } from './notify.ts';
import type { Resources } from './resources.ts';

/** Errors after which a run cannot be resumed: the next request opens a new one. */
const closing: readonly ErrorKind[] = [windowUnstable, tooManyRejects, 'ARTIFACT_DAMAGED'];

/** The job that fails. */
type Failing = Pick<Context<NotificationResources>, 'resources' | 'jobId'>;

/** Marks the run of a finally failed job as failed, with the cause, so that callers see it. */
export async function noteFailure(
  run: string,
  error: MlopsError,
  { resources, jobId }: Failing & { readonly resources: Pick<Resources, 'runs'> },
): Promise<void> {
  const { code, message } = error;
  await resources.runs.note(
    run,
    isCoded(error, ...closing) ? { kind: 'closed', code, message } : { kind: 'failed', code, message, job: jobId },
  );
  const began = await failingSince(run, code, resources);
  if (began === null) return;
  await notify(
    { id: `run-failed.${run}.${began}`, type: 'run.failed', subject: { run }, ...causeOf(error) },
    resources,
  );
}

/** Reports a request that finally failed before it had a run. */
export async function noteUnopened(dataset: string, error: MlopsError, { resources, jobId }: Failing): Promise<void> {
  const subject = { dataset, request: jobId };
  await notify({ id: `run-failed.${jobId}`, type: 'run.failed', subject, ...causeOf(error) }, resources);
}

/**
 * The number of the first of the failures that the run's log ends with: several failed jobs are one failure of the run,
 * until it is resumed. `null` if the run is over for another reason.
 */
async function failingSince(run: string, code: string, { runs }: Pick<Resources, 'runs'>): Promise<number | null> {
  const events = await runs.events(run).all();
  const isFailure = ({ entry }: (typeof events)[number]) =>
    entry.kind === 'failed' || (entry.kind === 'closed' && entry.code === code);
  const last = events.findLastIndex(each => !isFailure(each));
  return events[last + 1]?.number ?? null;
}

/**
 * Whether the run was committed or closed, so that nothing is left to do for it; a run that all requesters cancelled is
 * closed here. Checked before every effect.
 */
export function isOver(run: string, resources: Pick<Resources, 'runs' | 'cancellations'>): Promise<boolean> {
  return closeIfCancelled(run, resources);
}
