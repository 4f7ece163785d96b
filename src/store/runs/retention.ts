import { filesOf, type RetentionRule } from '../retention/rule.ts';
import { openRuns, type Runs } from './runs.ts';

/** Files that a finished run no longer needs: its pages and turns, and the intermediate files made from them. */
const raw: readonly string[] = ['pages', 'turns', 'planned', 'plan.json', 'vectors'];

/**
 * The raw files of committed and closed runs. A finished run never continues, so the next sweep finds what a late worker
 * still writes. Run and log are kept for longer: they hold the run's outcome.
 */
export const runRetention: RetentionRule = {
  kind: 'runs',
  term: 'runsMs',
  async *expired(store, before) {
    const runs = openRuns(store);
    for (const id of await store.list('runs')) {
      const there = (await store.list(`runs/${id}`)).filter(name => raw.includes(name));
      if (there.length > 0 && (await endedBefore(runs, id, before)))
        yield { keys: there.map(name => `runs/${id}/${name}`) };
    }
  },
};

/**
 * The folders of committed and closed runs, once no request refers to them. The newest run of a dataset is kept: the next
 * one is numbered after it.
 */
export const runFolderRetention: RetentionRule = {
  kind: 'runs',
  term: 'notesMs',
  async *expired(store, before) {
    const runs = openRuns(store);
    const ids = await store.list('runs');
    for (const [index, id] of ids.entries()) {
      const isNewest = datasetOf(ids[index + 1] ?? '') !== datasetOf(id);
      if (!isNewest && (await endedBefore(runs, id, before))) yield { keys: [`runs/${id}`] };
    }
  },
};

/** Runs sort by dataset, then by number. */
function datasetOf(run: string): string {
  return run.slice(0, Math.max(0, run.lastIndexOf('.')));
}

async function endedBefore(runs: Runs, id: string, before: number): Promise<boolean> {
  const log = runs.events(id);
  const head = await log.head();
  if (head?.entry.kind !== 'committed' && head?.entry.kind !== 'closed') return false;
  return (await log.writtenAt(head.number)) < before;
}

/** Which run a request joined or resumed: a job that runs again reads it. */
export const runRequestRetention = filesOf('requests', { kind: 'notes', term: 'notesMs' });
