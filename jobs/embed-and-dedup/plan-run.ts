import { coverage } from '../../src/domain/interaction/coverage.ts';
import { makeBatches } from '../../src/domain/run/batches.ts';
import { gather } from '../../src/domain/run/gather.ts';
import { hasTooManyRejects, type Plan, type PlannedFile, plannedTurnOf } from '../../src/domain/run/plan.ts';
import type { Turn } from '../../src/domain/turn/turn.ts';
import { MlopsError } from '../../src/errors.ts';
import { listInteractions, pageSize } from '../../src/platform/endpoints.ts';
import { done } from '../../src/runtime/outcome.ts';
import { jsonLines } from '../../src/store/datasets/datasets.ts';
import { answerOf } from '../../src/store/runs/runs.ts';
import { textHash } from '../../src/store/vectors/text-vectors.ts';
import { comeBack, whatIsMissing } from '../repair.ts';
import { type Context, type Needs, type Outcome, undone } from './context.ts';
import { tooManyRejects } from './errors.ts';

/**
 * Collects a run's turns, and divides the texts that have no vector yet into batches.
 * @param answers how many pages were extracted when this was enqueued
 */
export async function planRun(id: string, answers: number, context: Context): Promise<Outcome> {
  const { resources } = context;
  const { runs, datasets } = resources;
  const run = await runs.read(id);
  if ((await runs.plan(id)) === null) {
    const extracted = await runs.extracted(id);
    // A damaged file is being recreated.
    if (extracted.length < answers) return await comeBack({ run: id, undone }, context);
    const pages = await Promise.all(extracted.map(ask => runs.readTurns(id, ask)));
    const state = coverage(pages.map(answerOf), pageSize);
    if (state.kind !== 'complete') return done({ complete: false }, await whatIsMissing(id, resources));

    const head = (await datasets.head(run.dataset))?.entry ?? null;
    const { turns, rejects, counts } = gather(pages, run, await datasets.claimedIds(head));
    const rejectLines = rejects.map(({ id, field, problem }) => ({
      endpoint: listInteractions.name,
      id,
      field,
      problem,
    }));
    const rejectFile = await writeLines(resources, id, rejectLines);
    if (hasTooManyRejects(counts.rejects, counts.interactions)) throw schemaChanged(id, rejectFile, rejectLines);

    const planned: Plan = {
      turns: await writeLines(resources, id, turns.map(plannedTurnOf)),
      rejects: rejectFile,
      batches: await planBatches(resources, id, turns),
      counts: { ...counts, erased: Math.max(0, counts.interactions + counts.rejects - state.counted) },
    };
    await runs.writePlan(id, planned);
  }
  const { turns, batches } = (await runs.plan(id)) ?? { turns: { count: 0 }, batches: [] };
  return done({ turns: turns.count, batches: batches.length }, await whatIsMissing(id, resources));
}

/** Divides the utterances that have no vector into batches: all have one, unless a page's vectors were lost. */
async function planBatches(resources: Needs, id: string, turns: readonly Turn[]): Promise<PlannedFile[]> {
  const { runs } = resources;
  const missing = new Map(turns.map(({ userUtterance }) => [textHash(userUtterance), userUtterance]));
  for (const page of (await runs.embedded(id)).pages)
    for (const hash of (await runs.readVectors(id, page)).hashes) missing.delete(hash);
  const files: PlannedFile[] = [];
  for (const batch of makeBatches([...missing.values()])) files.push(await writeLines(resources, id, batch));
  return files;
}

async function writeLines(resources: Needs, id: string, values: readonly unknown[]): Promise<PlannedFile> {
  return { name: await resources.runs.writePlanned(id, jsonLines(values)), count: values.length };
}

function schemaChanged(
  id: string,
  file: PlannedFile,
  lines: readonly { field: string; problem: string }[],
): MlopsError {
  const [first] = lines;
  return new MlopsError(
    tooManyRejects,
    `${lines.length} records of ${id} are not valid interactions, over 5 %: the platform's schema seems to have changed. ` +
      `First: ${listInteractions.name}, ${first?.field}: ${first?.problem}. All: runs/${id}/planned/${file.name}. Update this system, then curate again`,
  );
}
