import { type ErrorKind, isCoded, type MlopsError } from '../src/errors.ts';
import type { Context } from '../src/runtime/handler.ts';
import { closeIfCancelled } from '../src/store/runs/close-cancelled.ts';
import { tooManyRejects } from './embed-and-dedup/errors.ts';
import { windowUnstable } from './fetch-page/errors.ts';
import { causeOf, type NotificationResources, tell } from './notify.ts';
import type { Resources } from './resources.ts';

/** Errors after which a run cannot be taken up again: the next request opens a new one. */
const closing: readonly ErrorKind[] = [windowUnstable, tooManyRejects, 'ARTIFACT_DAMAGED'];

/** The job that fails. */
type Failing = Pick<Context<NotificationResources>, 'resources' | 'jobId'>;

/** A job that fails for good marks its run as failed, with the cause, so that callers learn of it. */
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
  await tell({ id: `run-failed.${run}.${began}`, type: 'run.failed', subject: { run }, ...causeOf(error) }, resources);
}

/** A request that fails for good before it has come to a run. */
export async function noteUnopened(dataset: string, error: MlopsError, { resources, jobId }: Failing): Promise<void> {
  const subject = { dataset, request: jobId };
  await tell({ id: `run-failed.${jobId}`, type: 'run.failed', subject, ...causeOf(error) }, resources);
}

/**
 * The first of the failures that the run's log ends with, by its number: of several jobs that fail, all are one failure
 * of the run, until it is taken up again. `null` where the run is over, and not by this failure.
 */
async function failingSince(run: string, code: string, { runs }: Pick<Resources, 'runs'>): Promise<number | null> {
  const events = await runs.events(run).all();
  const isFailure = ({ entry }: (typeof events)[number]) =>
    entry.kind === 'failed' || (entry.kind === 'closed' && entry.code === code);
  const last = events.findLastIndex(each => !isFailure(each));
  return events[last + 1]?.number ?? null;
}

/**
 * Whether the run was committed or closed, so that nothing is left to do for it; one that all requesters cancelled is closed
 * here. Asked before every effect.
 */
export function isOver(run: string, resources: Pick<Resources, 'runs' | 'cancellations'>): Promise<boolean> {
  return closeIfCancelled(run, resources);
}
