import type { Manifest } from '../../src/domain/dataset/manifest.ts';
import { type KeptRow, keptRowOf, type RemovedRow } from '../../src/domain/dataset/row.ts';
import { type Plan, type PlannedTurn, turnOf } from '../../src/domain/run/plan.ts';
import type { Run } from '../../src/domain/run/run.ts';
import { floats } from '../../src/store/artifacts/floats.ts';
import { keptGroups, keptVectors } from '../../src/store/datasets/vectors.ts';
import type { Context, Needs } from './context.ts';

/** The decisions about a run's turns. */
export interface Decided {
  readonly kept: readonly KeptRow[];
  readonly removed: readonly RemovedRow[];
  /** Removed rows whose user utterance has no word that the model knows. */
  readonly unknownWords: number;
  /** Of the kept rows. */
  readonly vectors: readonly Float32Array[];
  /** The interactions that turns were taken from. */
  readonly taken: ReadonlySet<string>;
}

/** Turns decided at a time; between two batches progress is reported and an abort is checked. */
const chunk = 4_096;

/** Decides the turns in order, against the rows that the dataset kept and those that this run has kept so far. */
export async function decideTurns(
  run: Run,
  plan: Plan,
  turns: readonly PlannedTurn[],
  head: Manifest | null,
  { resources, signal, progress }: Context,
): Promise<Decided> {
  const { dimension } = resources.embedder;
  const vectors = await readVectors(run.run, plan, resources);
  const deduper = resources.openDeduper({ dimension, threshold: run.parameters.identity.similarity, signal });
  try {
    if (head !== null) for await (const seeds of keptVectors(resources.datasets, head)) await deduper.seed(seeds);
    const groups = head === null ? [] : keptGroups(head);
    const kept: KeptRow[] = [];
    const removed: RemovedRow[] = [];
    const keptVectorsOfRun: Float32Array[] = [];
    for (let start = 0; start < turns.length; start += chunk) {
      const some = turns.slice(start, start + chunk);
      const stacked = new Float32Array(some.length * dimension);
      some.forEach((turn, row) => {
        stacked.set(vectors(turn[7]), row * dimension);
      });
      const decisions = await deduper.decide(stacked);
      some.forEach((planned, row) => {
        const columns = keptRowOf(turnOf(planned));
        if (decisions.kept[row] === 1) {
          groups.push((head?.nextGroup ?? 0) + kept.length);
          kept.push(columns);
          keptVectorsOfRun.push(vectors(planned[7]));
        } else {
          const group = groups[decisions.keeper[row] ?? -1] ?? -1;
          removed.push([...columns, decisions.cosine[row] ?? 0, group]);
        }
      });
      await progress({ decided: start + some.length, of: turns.length, kept: kept.length });
    }
    const known = await resources.embedder.knows(removed.map(row => row[4]));
    return {
      kept,
      removed,
      unknownWords: known.filter(isKnown => !isKnown).length,
      vectors: keptVectorsOfRun,
      taken: new Set(turns.map(([interactionId]) => interactionId)),
    };
  } finally {
    await deduper.close();
  }
}

/** The vectors of a plan by their numbers: the reused ones, then batch after batch. */
async function readVectors(
  id: string,
  plan: Plan,
  { runs, embedder }: Needs,
): Promise<(number: number) => Float32Array> {
  const stacks = [floats(await runs.readPlanned(id, plan.reused.name))];
  for (const [batch, { count }] of plan.batches.entries())
    stacks.push(await runs.readVectors(id, batch, count * embedder.dimension));
  const rows = stacks.flatMap(stack =>
    Array.from({ length: stack.length / embedder.dimension }, (_, row) =>
      stack.subarray(row * embedder.dimension, (row + 1) * embedder.dimension),
    ),
  );
  return number => {
    const vector = rows[number];
    if (vector === undefined) throw new RangeError(`the run ${id} has ${rows.length} vectors, not a number ${number}`);
    return vector;
  };
}
