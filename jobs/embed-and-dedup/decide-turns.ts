import type { Manifest } from '../../src/domain/dataset/manifest.ts';
import { type KeptRow, keptRowOf, type RemovedRow } from '../../src/domain/dataset/row.ts';
import { type PlannedTurn, turnOf } from '../../src/domain/run/plan.ts';
import type { Run } from '../../src/domain/run/run.ts';
import { keptGroups, keptVectors } from '../../src/store/datasets/vectors.ts';
import type { Context } from './context.ts';
import type { RunVectors } from './run-vectors.ts';

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

const nothing: Decided = { kept: [], removed: [], unknownWords: 0, vectors: [], taken: new Set() };

/** Turns decided at a time; between two batches progress is reported and an abort is checked. */
const chunk = 4_096;

/**
 * Decides the turns in order, against the rows that the dataset kept and those that this run has kept so far. Without
 * turns it reads nothing of the dataset.
 */
export async function decideTurns(
  run: Run,
  turns: readonly PlannedTurn[],
  vectors: RunVectors,
  head: Manifest | null,
  { resources, signal, progress }: Context,
): Promise<Decided> {
  if (turns.length === 0) return nothing;
  const { dimension } = resources.embedder;
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
        stacked.set(vectors.of(turnOf(turn).userUtterance), row * dimension);
      });
      const decisions = await deduper.decide(stacked);
      some.forEach((planned, row) => {
        const turn = turnOf(planned);
        const columns = keptRowOf(turn);
        if (decisions.kept[row] === 1) {
          groups.push((head?.nextGroup ?? 0) + kept.length);
          kept.push(columns);
          keptVectorsOfRun.push(vectors.of(turn.userUtterance));
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
