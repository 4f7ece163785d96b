import type { ArtifactStore } from '../artifacts/store.ts';
import type { Runs } from '../runs/runs.ts';
import type { ExpiredArtifacts } from './expired-artifacts.ts';

/** What a run that is over no longer needs: its pages and turns, and what was made of them on the way to the dataset. */
const raw: readonly string[] = ['pages', 'turns', 'planned', 'plan.json', 'vectors'];

/**
 * Runs that were committed or closed before `before`. A run that is over never goes on, so what a late worker still writes
 * is found the next time. Run and log stay: they say which numbers are taken, and what became of each.
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
