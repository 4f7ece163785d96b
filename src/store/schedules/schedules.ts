import { z } from 'zod';
import {
  addScheduleEvent,
  type Schedule,
  type ScheduleEvent,
  type Start,
  schedule,
  scheduleEvent,
  start,
} from '../../domain/schedule/schedule.ts';
import { foldLog } from '../artifacts/folded-log.ts';
import { type LogFinding, type Numbered, openLog } from '../artifacts/log.ts';
import { parseArtifact } from '../artifacts/parse-artifact.ts';
import type { ArtifactStore } from '../artifacts/store.ts';

/** The schedules of one tenant and the starts of their work, kept so that Redis may lose its data. */
export interface Schedules {
  /** The active schedules by name, and the length of their log. @throws MlopsError SCHEDULE_LOG_DAMAGED */
  read(): Promise<{ readonly schedules: readonly Schedule[]; readonly length: number }>;
  /** `null` if it was never set, or was removed. */
  find(name: string): Promise<Schedule | null>;
  /** The log's newest entry, `null` before the first. */
  newest(): Promise<Numbered<ScheduleEvent> | null>;
  /** Appends `event` as entry `after` + 1; `null` if another writer was first: read again and decide again. */
  append(after: number, event: ScheduleEvent): Promise<Numbered<ScheduleEvent> | null>;
  /** The last `count` starts of a schedule's version, oldest first. */
  lastStarts(version: number, count: number): Promise<Start[]>;
  /** Records a start, once per slot: `false` if the slot has one. Old starts are removed. */
  noteStart(version: number, begun: Start): Promise<boolean>;
  verify(): Promise<LogFinding[]>;
}

const logFolder = 'schedules/log';

const clockToleranceMs = 60_000;
/** Starts kept per version. */
const kept = 100;

export function openSchedules(store: ArtifactStore): Schedules {
  const log = openLog(store, logFolder, scheduleEvent, {
    code: 'SCHEDULE_LOG_DAMAGED',
    remedy: 'Schedules start nothing until the entry is restored from a backup of the store',
  });
  const folded = foldLog(store, logFolder, log, {
    empty: (): Schedule[] => [],
    add: addScheduleEvent,
    shape: z.array(schedule),
  });
  const folder = (version: number) => `schedules/starts/${String(version).padStart(12, '0')}`;
  const key = (version: number, slot: number) => `${folder(version)}/${String(slot).padStart(15, '0')}.json`;

  async function read() {
    const { state, length } = await folded.read();
    return { schedules: state, length };
  }

  return {
    read,
    find: async name => (await read()).schedules.find(each => each.name === name) ?? null,
    newest: log.head,
    append: folded.append,
    verify: folded.verify,
    async lastStarts(version, count) {
      // A clock that was ahead may have started what is not yet due: that does not count before its time.
      const latest = Date.now() + clockToleranceMs;
      const names = (await store.list(folder(version)))
        .filter(name => Number.parseInt(name, 10) <= latest)
        .slice(-count);
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
