import { foldPushes, type Push, type PushEvent, pushEvent } from '../../domain/push/push.ts';
import { type Numbered, openLog } from '../artifacts/log.ts';
import type { ArtifactStore } from '../artifacts/store.ts';

/** The pushes of one tenant's thresholds: an append-only log of what happened to each. */
export interface Pushes {
  /** All pushes as they stand now, and how long their log is. */
  read(): Promise<{ readonly pushes: readonly Push[]; readonly length: number }>;
  length(): Promise<number>;
  /** Appends `event` as entry `after` + 1; `null` where another writer was first: read again and decide anew. */
  append(after: number, event: PushEvent): Promise<Numbered<PushEvent> | null>;
}

export function openPushes(store: ArtifactStore): Pushes {
  const log = openLog(store, 'config/log', pushEvent);
  /** Entries never change once they are there. */
  const known: PushEvent[] = [];

  return {
    async read() {
      const length = await log.length();
      const missing = Array.from(
        { length: Math.max(0, length - known.length) },
        (_, index) => known.length + index + 1,
      );
      for (const { number, entry } of await Promise.all(missing.map(log.read))) known[number - 1] = entry;
      return { pushes: foldPushes(known.slice(0, length)), length };
    },
    length: () => log.length(),
    append: (after, event) => log.append(after, event),
  };
}
