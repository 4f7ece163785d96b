import { isCoded } from '../src/errors.ts';
import type { Context } from '../src/runtime/handler.ts';
import type { JobSpec } from '../src/runtime/job.ts';
import { done, type Following, type Outcome, snooze } from '../src/runtime/outcome.ts';
import { advance } from './advance.ts';
import type { Resources } from './resources.ts';

/** How long a job waits for another one to make what it lacks. */
const repairMs = 1_000;

/**
 * Does a job's work. Where it meets a damaged file of the run, the file is removed, what makes it again is enqueued, and
 * the job comes back for it.
 * @param run the run that the job works on; `null` where it is not known yet: then the job just starts over
 */
export async function orRepair(
  run: string | null,
  context: Context<Resources>,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (!isCoded(error, 'RUN_FILE_DAMAGED')) throw error;
    context.logger.warn({ file: error.where }, error.message);
    await context.resources.runs.discard(error.where ?? '');
    return run === null ? snooze(1) : await orRepair(run, context, () => comeBack(run, context));
  }
}

/**
 * The outcome of a job whose input is missing, as after a repair: it comes back once others have had time to make it. Once
 * the run has failed it ends instead: taking the run up again starts it again.
 * @param missing the jobs that make it
 */
export async function comeBack(
  run: string,
  { resources }: Pick<Context<Resources>, 'resources'>,
  missing?: readonly JobSpec[],
): Promise<Outcome> {
  const following = missing === undefined ? await whatIsMissing(run, resources) : again(missing);
  const state = (await resources.runs.events(run).head())?.entry.kind;
  return state === 'failed' ? done({ repaired: false }) : snooze(repairMs, following);
}

/** What brings a run forward, as `advance` says. */
export async function whatIsMissing(run: string, resources: Pick<Resources, 'runs' | 'tenant'>): Promise<Following> {
  return again(await advance(await resources.runs.read(run), resources));
}

/** What is missing is made again, though its job may have completed before: its file was removed. */
export function again(next: readonly JobSpec[]): Following {
  return { next, restart: 'completed' };
}
