import type { Manifest } from '../../src/domain/dataset/manifest.ts';
import { refuseFutureWatermark, refuseSkewedBound } from '../../src/domain/run/clock.ts';
import { type Plan, type PlannedTurn, plannedTurn } from '../../src/domain/run/plan.ts';
import { refuseMismatch } from '../../src/domain/run/refuse-mismatch.ts';
import { runNumber } from '../../src/domain/run/run.ts';
import { isOvertaken } from '../../src/domain/run/superseded.ts';
import { MlopsError } from '../../src/errors.ts';
import { cancel, done } from '../../src/runtime/outcome.ts';
import type { Numbered } from '../../src/store/artifacts/log.ts';
import { parseLines } from '../../src/store/datasets/datasets.ts';
import { pageName } from '../../src/store/runs/runs.ts';
import { comeBack } from '../repair.ts';
import { isOver } from '../run-state.ts';
import { commitTurns } from './commit-turns.ts';
import { type Context, type Outcome, undone } from './context.ts';
import { runClosed } from './errors.ts';
import { nextVersion } from './next-version.ts';
import { notifyUnusual } from './notify-unusual.ts';

/**
 * Decides a run's turns against its dataset and appends the version that holds them. Of two concurrent
 * commits one loses the append and starts over from the new head; a run that the head already holds is done.
 */
export async function commitRun(id: string, context: Context): Promise<Outcome> {
  const { runs, datasets } = context.resources;
  const run = await runs.read(id);
  const plan = await runs.plan(id);
  // A damaged file is being recreated.
  if (plan === null || !(await isEmbedded(id, plan, context))) return await comeBack({ run: id, undone }, context);
  const turns: PlannedTurn[] = parseLines(await runs.readPlanned(id, plan.turns.name), plannedTurn);

  for (;;) {
    const head = await datasets.head(run.dataset);
    if (head !== null && runNumber(head.entry.lastRun) >= runNumber(id))
      return await committed(id, await versionOf(id, head, context), context);
    if (await isOver(id, context.resources)) return cancel(`the run ${id} is over`);
    if (isOvertaken(run, head?.entry ?? null)) {
      const message = 'the dataset was set back to before its window';
      await runs.note(id, { kind: 'closed', code: runClosed.code, message });
      return cancel(message);
    }
    refuseFutureWatermark(run.dataset, head?.entry ?? null, Date.now());
    refuseSkewedBound(run.window.upper, Date.now(), null);
    refuseMismatch(run.dataset, head?.entry ?? null, { ...run.parameters, since: null });
    const isTaken = await datasets.claimedIds(head?.entry ?? null);
    const fresh = turns.filter(([interactionId]) => !isTaken(interactionId));
    const version = await commitTurns(run, fresh, head?.entry ?? null, context, async decided => {
      const next = await nextVersion(run, plan, decided, head?.entry ?? null, context.resources);
      // Deciding takes time: check once more right before the commit.
      return (await isOver(id, context.resources)) ? null : await datasets.commit(head?.number ?? 0, next);
    });
    if (version !== null) return await committed(id, version, context);
    if (await isOver(id, context.resources)) return cancel(`the run ${id} is over`);
    context.logger.info({ run: id }, 'another commit was first: starting over from the new head');
  }
}

/** Whether all pages and batches of the run have vectors. */
async function isEmbedded(id: string, plan: Plan, { resources }: Context): Promise<boolean> {
  const { pages, batches } = await resources.runs.embedded(id);
  const names = new Set(pages.map(pageName));
  const extracted = await resources.runs.extracted(id);
  return batches.length >= plan.batches.length && extracted.every(page => names.has(pageName(page)));
}

/** What is said of a version that a run made. */
type Committed = Numbered<Pick<Manifest, 'dataset' | 'made' | 'watermark'>>;

async function committed(id: string, version: Committed, { resources, logger }: Context): Promise<Outcome> {
  const { number, entry } = version;
  await resources.runs.note(id, { kind: 'committed', version: number });
  await notifyUnusual(id, version, resources);
  logger.info({ run: id, version: number, watermark: entry.watermark }, 'run committed');
  return done({ version: number, watermark: entry.watermark });
}

/** The version that a run created, if it is `head` or an earlier one. */
async function versionOf(id: string, head: Numbered<Manifest>, { resources }: Context): Promise<Committed> {
  const { dataset } = head.entry;
  for (let number = head.number; number > 0; number--) {
    const { made, watermark } = await resources.datasets.summary(dataset, number);
    if (made.by === 'run' && made.run === id) return { number, entry: { dataset, made, watermark } };
  }
  throw new MlopsError(
    runClosed,
    `a later run of ${head.entry.dataset} was committed before ${id}: its rows are in that version; nothing is left to do`,
  );
}
