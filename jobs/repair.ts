import { isCoded } from '../src/errors.ts';
import type { Context } from '../src/runtime/handler.ts';
import type { JobSpec } from '../src/runtime/job-spec.ts';
import { done, type Following, type Outcome, snooze } from '../src/runtime/outcome.ts';
import { advance } from './advance.ts';
import type { Resources } from './resources.ts';

type Needs = Pick<Resources, 'runs' | 'tenant'>;

/** How long a job waits for another one to make what it lacks. */
const repairMs = 1_000;

/** A job of a run, and its result where it has to end without having done its work. */
export interface RunJob<Result> {
  readonly run: string;
  readonly undone: Result;
}

/**
 * Does a job's work. Where it meets a damaged file of its run, the file is removed, what makes it again is enqueued, and
 * the job comes back for it.
 * @param job `null` where the run is not known yet: then the job starts over
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
 * The outcome of a job whose input is missing, as after a repair: it comes back once others have had time to make it. Once
 * the run has failed it ends instead: taking the run up again starts it again.
 * @param missing the jobs that make it; without them, whatever the run lacks
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

/** What brings a run forward, as `advance` says. */
export async function whatIsMissing(run: string, resources: Needs): Promise<Following> {
  return again(await advance(await resources.runs.read(run), resources));
}

/** What is missing is made again, though its job may have completed before: its file was removed. */
export function again(next: readonly JobSpec[]): Following {
  return { next, restart: 'completed' };
}
