import { filesOf, type RetentionRule } from '../retention/rule.ts';
import { openRuns } from './runs.ts';

/** Files that a finished run no longer needs: its pages and turns, and the intermediate files made from them. */
const raw: readonly string[] = ['pages', 'turns', 'planned', 'plan.json', 'vectors'];

/**
 * The raw files of committed and closed runs. A finished run never continues, so the next sweep finds what a late worker
 * still writes. Run and log are kept: they record which numbers are taken, and each run's outcome.
 */
export const runRetention: RetentionRule = {
  kind: 'runs',
  term: 'runsMs',
  async *expired(store, before) {
    const runs = openRuns(store);
    for (const id of await store.list('runs')) {
      const there = (await store.list(`runs/${id}`)).filter(name => raw.includes(name));
      if (there.length === 0) continue;
      const log = runs.events(id);
      const head = await log.head();
      if (head?.entry.kind !== 'committed' && head?.entry.kind !== 'closed') continue;
      if ((await log.writtenAt(head.number)) < before) yield { keys: there.map(name => `runs/${id}/${name}`) };
    }
  },
};

/** Which run a request joined or resumed: a job that runs again reads it. */
export const runRequestRetention = filesOf('requests', { kind: 'notes', term: 'notesMs' });
