import type { ArtifactStore } from '../artifacts/store.ts';
import type { Runs } from '../runs/runs.ts';
import type { ExpiredArtifacts } from './expired-artifacts.ts';

/** Files that a finished run no longer needs: its pages and turns, and the intermediate files made from them. */
const raw: readonly string[] = ['pages', 'turns', 'planned', 'plan.json', 'vectors'];

/**
 * Runs that were committed or closed before `before`. A finished run never continues, so the next sweep finds what a late
 * worker still writes. Run and log are kept: they record which numbers are taken, and each run's outcome.
 */
export async function* oldRuns(store: ArtifactStore, runs: Runs, before: number): AsyncGenerator<ExpiredArtifacts> {
  for (const id of await store.list('runs')) {
    const there = (await store.list(`runs/${id}`)).filter(name => raw.includes(name));
    if (there.length === 0) continue;
    const log = runs.events(id);
    const head = await log.head();
    if (head?.entry.kind !== 'committed' && head?.entry.kind !== 'closed') continue;
    if ((await log.writtenAt(head.number)) < before) yield { keys: there.map(name => `runs/${id}/${name}`) };
  }
}
