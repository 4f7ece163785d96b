import type { Manifest, Part, RunCounts } from '../../src/domain/dataset/manifest.ts';
import type { Plan } from '../../src/domain/run/plan.ts';
import type { Run } from '../../src/domain/run/run.ts';
import { bytesOf } from '../../src/store/artifacts/floats.ts';
import { claimedIdsContent } from '../../src/store/datasets/claimed-ids.ts';
import { jsonLines } from '../../src/store/datasets/datasets.ts';
import type { Needs } from './context.ts';
import type { Decided } from './decide-turns.ts';

/** Writes a run's part and returns the version that holds it. Equal inputs give equal bytes: it does not read a clock. */
export async function nextVersion(
  run: Run,
  plan: Plan,
  decided: Decided,
  head: Manifest | null,
  resources: Needs,
): Promise<Manifest> {
  const { upper, sweeps } = run.window;
  const firstGroup = head?.nextGroup ?? 0;
  const { length: kept } = decided.kept;
  const { length: removed } = decided.removed;
  const isEmpty = kept + removed === 0;
  const counts: RunCounts = { ...plan.counts, turns: kept + removed, kept, removed };
  return {
    dataset: run.dataset,
    identity: run.parameters.identity,
    dimension: resources.embedder.dimension,
    watermark: later(head?.watermark, upper),
    sweptAt: sweeps || head === null ? upper : head.sweptAt,
    parts: [...(head?.parts ?? []), ...(isEmpty ? [] : [await writePart(run, decided, firstGroup, resources)])],
    setAside: head?.setAside ?? [],
    nextGroup: firstGroup + kept,
    lastRun: run.run,
    made: { by: 'run', run: run.run, counts },
  };
}

/** A watermark never moves back; ISO instants sort as text. */
function later(watermark: string | undefined, upper: string): string {
  return watermark !== undefined && watermark > upper ? watermark : upper;
}

async function writePart(run: Run, decided: Decided, firstGroup: number, { datasets }: Needs): Promise<Part> {
  const write = (kind: 'kept' | 'removed' | 'vectors' | 'taken', content: Uint8Array) =>
    datasets.writeFile(run.dataset, kind, content);
  return {
    run: run.run,
    firstGroup,
    keptCount: decided.kept.length,
    removedCount: decided.removed.length,
    takenCount: decided.taken.size,
    kept: await write('kept', jsonLines(decided.kept)),
    removed: await write('removed', jsonLines(decided.removed)),
    vectors: await write('vectors', Buffer.concat(decided.vectors.map(bytesOf))),
    taken: await write('taken', claimedIdsContent(decided.taken)),
  };
}
