import type { Deduper } from '../../src/compute/dedup/deduper.ts';
import { type Manifest, rowCounts } from '../../src/domain/dataset/manifest.ts';
import { type KeptRow, keptRowOf, type RemovedRow } from '../../src/domain/dataset/row.ts';
import { type PlannedTurn, turnOf } from '../../src/domain/run/plan.ts';
import { keptGroups } from '../../src/store/datasets/vectors.ts';
import type { Context } from './context.ts';
import type { RunVectors } from './run-vectors.ts';

/** The decisions about a run's turns. */
export interface Decided {
  readonly kept: readonly KeptRow[];
  readonly removed: readonly RemovedRow[];
  /** Removed rows of whose user utterance the model knows no word. */
  readonly unknownWords: number;
  /** Of the kept rows. */
  readonly vectors: readonly Float32Array[];
  /** The interactions that turns were taken from. */
  readonly taken: ReadonlySet<string>;
}

/** What the decisions of a commit are made with. */
interface Surroundings {
  readonly head: Manifest | null;
  /** A deduper that has kept what `head` has kept. */
  readonly deduper: Deduper;
  readonly vectors: RunVectors;
}

/** Turns decided at a time; between two batches progress is reported and an abort is checked. */
const chunk = 4_096;

export const nothingDecided: Decided = { kept: [], removed: [], unknownWords: 0, vectors: [], taken: new Set() };

/** Decides the turns in order, against the rows that the dataset kept and those that this run has kept so far. */
export async function decideTurns(
  turns: readonly PlannedTurn[],
  { head, deduper, vectors }: Surroundings,
  { resources, progress }: Context,
): Promise<Decided> {
  const { dimension } = resources.embedder;
  const before = head === null ? 0 : rowCounts(head).kept;
  const groupOfKept = head === null ? () => -1 : keptGroups(head);
  const firstGroup = head?.nextGroup ?? 0;
  const kept: KeptRow[] = [];
  const removed: RemovedRow[] = [];
  const keptVectorsOfRun: Float32Array[] = [];
  for (let start = 0; start < turns.length; start += chunk) {
    const some = turns.slice(start, start + chunk).map(turnOf);
    const stacked = new Float32Array(some.length * dimension);
    some.forEach((turn, row) => {
      stacked.set(vectors.of(turn.userUtterance), row * dimension);
    });
    const decisions = await deduper.decide(stacked);
    some.forEach((turn, row) => {
      const columns = keptRowOf(turn);
      if (decisions.kept[row] === 1) {
        kept.push(columns);
        keptVectorsOfRun.push(vectors.of(turn.userUtterance));
      } else {
        const keeper = decisions.keeper[row] ?? -1;
        const group = keeper < before ? groupOfKept(keeper) : firstGroup + keeper - before;
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
}
