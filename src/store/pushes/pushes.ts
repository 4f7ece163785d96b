import { z } from 'zod';
import { addPushEvent, type Push, type PushEvent, push, pushEvent } from '../../domain/push/push.ts';
import { foldLog } from '../artifacts/folded-log.ts';
import { type LogFinding, type Numbered, openLog } from '../artifacts/log.ts';
import type { ArtifactStore } from '../artifacts/store.ts';

/**
 * The pushes of one tenant's thresholds: an append-only log of what happened to each. Memory and checkpoints hold every
 * push with its thresholds, about 20 kB each at 230 intents.
 */
export interface Pushes {
  /** All pushes and their states, oldest first, and the length of their log. @throws MlopsError PUSH_LOG_DAMAGED */
  read(): Promise<{ readonly pushes: readonly Push[]; readonly length: number }>;
  length(): Promise<number>;
  /** Appends `event` as entry `after` + 1; `null` if another writer was first: read again and decide again. */
  append(after: number, event: PushEvent): Promise<Numbered<PushEvent> | null>;
  verify(): Promise<LogFinding[]>;
}

const folder = 'config/log';

export function openPushes(store: ArtifactStore): Pushes {
  const log = openLog(store, folder, pushEvent, {
    code: 'PUSH_LOG_DAMAGED',
    remedy: 'Nothing is pushed until the entry is restored from a backup of the store',
  });
  const folded = foldLog(store, folder, log, { empty: (): Push[] => [], add: addPushEvent, shape: z.array(push) });

  return {
    async read() {
      const { state, length } = await folded.read();
      return { pushes: [...state], length };
    },
    length: log.length,
    append: folded.append,
    verify: folded.verify,
  };
}
