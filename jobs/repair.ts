import { isCoded } from '../src/errors.ts';
import type { Context } from '../src/runtime/handler.ts';
import type { JobSpec } from '../src/runtime/job-spec.ts';
import { done, type Following, type Outcome, snooze } from '../src/runtime/outcome.ts';
import { advance } from './advance.ts';
import type { Resources } from './resources.ts';

type Needs = Pick<Resources, 'runs' | 'tenant'>;

/** How long a job waits for another one to create its missing input. */
const repairMs = 1_000;

/** A job of a run, and its result if it has to end without doing its work. */
export interface RunJob<Result> {
  readonly run: string;
  readonly undone: Result;
}

/**
 * Does a job's work. If it finds a damaged file of its run, it removes the file, enqueues the jobs that recreate it, and
 * snoozes until they are done.
 * @param job `null` while the run is not known yet: then the job starts over
 */
export async function orRepair<Result>(
  job: RunJob<Result> | null,
  context: Pick<Context<Needs>, 'resources' | 'logger'>,
  work: () => Promise<Outcome<Result>>,
): Promise<Outcome<Result>> {
  try {
    return await work();
  } catch (error) {
    if (!isCoded(error, 'RUN_FILE_DAMAGED')) throw error;
    context.logger.warn({ file: error.where }, error.message);
    await context.resources.runs.discard(error.where ?? '');
    return job === null ? snooze(1) : await orRepair(job, context, () => comeBack(job, context));
  }
}

/**
 * The outcome of a job whose input is missing, as after a repair: it snoozes to give others time to create it. Once the
 * run has failed it ends instead: resuming the run starts it again.
 * @param missing the jobs that create the input; by default all that the run still needs
 */
export async function comeBack<Result>(
  { run, undone }: RunJob<Result>,
  { resources }: Pick<Context<Needs>, 'resources'>,
  missing?: readonly JobSpec[],
): Promise<Outcome<Result>> {
  const following = missing === undefined ? await whatIsMissing(run, resources) : again(missing);
  const state = (await resources.runs.events(run).head())?.entry.kind;
  return state === 'failed' ? done(undone) : snooze(repairMs, following);
}

/** The jobs that the run still needs, see `advance`. */
export async function whatIsMissing(run: string, resources: Needs): Promise<Following> {
  return again(await advance(await resources.runs.read(run), resources));
}

/** Jobs run again even if they completed before, because their file was removed. */
export function again(next: readonly JobSpec[]): Following {
  return { next, restart: 'completed' };
}
