import {
  foldSchedules,
  type Schedule,
  type ScheduleEvent,
  type Start,
  scheduleEvent,
  start,
} from '../../domain/schedule/schedule.ts';
import { type Numbered, openLog } from '../artifacts/log.ts';
import { parseArtifact } from '../artifacts/parse-artifact.ts';
import type { ArtifactStore } from '../artifacts/store.ts';

/** The schedules of one tenant, and when their work began: what Redis may lose. */
export interface Schedules {
  /** Those in force, by name, and how long their log is. */
  read(): Promise<{ readonly schedules: readonly Schedule[]; readonly length: number }>;
  /** `null` where it was never set, or was removed. */
  find(name: string): Promise<Schedule | null>;
  /** The log's newest entry, `null` before the first. */
  newest(): Promise<Numbered<ScheduleEvent> | null>;
  /** Appends `event` as entry `after` + 1; `null` where another writer was first: read again and decide anew. */
  append(after: number, event: ScheduleEvent): Promise<Numbered<ScheduleEvent> | null>;
  /** The last `count` beginnings of a schedule's version, oldest first. */
  lastStarts(version: number, count: number): Promise<Start[]>;
  /** Notes a beginning, once for its slot: `false` where there is one. Old ones are forgotten. */
  noteStart(version: number, begun: Start): Promise<boolean>;
}

/** Beginnings that are kept of a version. */
const kept = 100;

export function openSchedules(store: ArtifactStore): Schedules {
  const log = openLog(store, 'schedules/log', scheduleEvent);
  /** Entries never change once they are there. */
  const known: ScheduleEvent[] = [];
  const folder = (version: number) => `schedules/starts/${String(version).padStart(12, '0')}`;
  const key = (version: number, slot: number) => `${folder(version)}/${String(slot).padStart(15, '0')}.json`;

  async function read() {
    const length = await log.length();
    for (let number = known.length + 1; number <= length; number++) known[number - 1] = (await log.read(number)).entry;
    return { schedules: foldSchedules(known.slice(0, length)), length };
  }

  return {
    read,
    find: async name => (await read()).schedules.find(each => each.name === name) ?? null,
    newest: () => log.head(),
    append: (after, event) => log.append(after, event),
    async lastStarts(version, count) {
      const names = (await store.list(folder(version))).slice(-count);
      const starts = names.map(async name => {
        const place = `${folder(version)}/${name}`;
        const content = await store.readIfThere(place);
        return content === null ? null : parseArtifact(place, content, start);
      });
      return (await Promise.all(starts)).filter(each => each !== null);
    },
    async noteStart(version, begun) {
      if (!(await store.create(key(version, begun.slot), `${JSON.stringify(begun)}\n`))) return false;
      const names = await store.list(folder(version));
      for (const name of names.slice(0, -kept)) await store.remove(`${folder(version)}/${name}`);
      return true;
    },
  };
}
