import type { Lease } from '../../src/compute/dedup/dedupers.ts';
import { type Manifest, rowCounts } from '../../src/domain/dataset/manifest.ts';
import type { PlannedTurn } from '../../src/domain/run/plan.ts';
import type { Run } from '../../src/domain/run/run.ts';
import { MlopsError } from '../../src/errors.ts';
import { readVectorsOf } from '../../src/store/datasets/vectors.ts';
import type { Context } from './context.ts';
import { type Decided, decideTurns, nothingDecided } from './decide-turns.ts';
import { datasetTooLarge } from './errors.ts';
import { runVectors } from './run-vectors.ts';

/** Rows that a dataset can have: those of 384 numbers that fit into 4 GiB, the most that a WebAssembly memory holds. */
const mostKept = 2_700_000;

/**
 * Decides a run's turns, then has `commit` write and append the version. The deduper stays for the dataset's next run if
 * the version was appended. Without turns it reads nothing of the dataset.
 * @param commit resolves with the version that holds the decisions, `null` if none was appended
 * @throws MlopsError DATASET_TOO_LARGE
 */
export async function commitTurns<Version extends { readonly entry: Pick<Manifest, 'parts'> }>(
  run: Run,
  turns: readonly PlannedTurn[],
  head: Manifest | null,
  context: Context,
  commit: (decided: Decided) => Promise<Version | null>,
): Promise<Version | null> {
  if (turns.length === 0) return await commit(nothingDecided);
  const kept = head === null ? 0 : rowCounts(head).kept;
  if (kept + turns.length > mostKept)
    throw new MlopsError(
      datasetTooLarge,
      `${run.dataset} has ${kept} rows, and ${turns.length} turns are new: it can have at most ${mostKept}. Start a new dataset with a later --since, or with --bot`,
      { where: run.dataset },
    );
  const vectors = await runVectors(run.run, context.resources);
  const lease = await seeded(run, head, context);
  try {
    const decided = await decideTurns(turns, { head, deduper: lease.deduper, vectors }, context);
    await vectors.remember();
    const version = await commit(decided);
    if (version !== null) await lease.keep(vectorFiles(version.entry), kept + decided.kept.length);
    return version;
  } finally {
    await lease.end();
  }
}

/** A deduper that has kept what the dataset has kept. */
async function seeded(run: Run, head: Manifest | null, { resources, signal }: Context): Promise<Lease> {
  const { datasets, dedupers, embedder } = resources;
  const threshold = run.parameters.identity.similarity;
  const settings = { dataset: run.dataset, dimension: embedder.dimension, threshold };
  const lease = await dedupers.take(settings, head === null ? [] : vectorFiles(head), signal);
  try {
    for (const part of head?.parts.slice(lease.kept.length) ?? [])
      await lease.deduper.seed(await readVectorsOf(datasets, run.dataset, part));
    return lease;
  } catch (error) {
    await lease.end();
    throw error;
  }
}

function vectorFiles({ parts }: Pick<Manifest, 'parts'>): string[] {
  return parts.map(({ vectors }) => vectors.sha256);
}
