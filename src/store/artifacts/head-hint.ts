import { z } from 'zod';
import type { Position } from './log-entry.ts';
import { sealJson, unsealJson } from './sealed.ts';
import type { ArtifactStore } from './store.ts';

/**
 * A file beside a log that holds the place of a recent entry, as Delta Lake's `_last_checkpoint` does: a reader starts
 * there instead of listing the log. It may lag behind, be lost or be torn; it is written after its entry is durable, so
 * it is never ahead of the log, unless the log has lost entries.
 */
export interface HeadHint {
  /** `null` if there is no readable hint. */
  read(): Promise<Position | null>;
  write(position: Position): Promise<void>;
}

const position = z.strictObject({ number: z.int().positive(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });

export function openHeadHint(store: ArtifactStore, key: string): HeadHint {
  return {
    async read() {
      const bytes = await store.readIfThere(key);
      return bytes === null ? null : (position.safeParse(unsealJson(bytes)).data ?? null);
    },
    async write({ number, sha256 }) {
      // Without a hint the log still works; it is only slower to read.
      await store.replace(key, sealJson({ number, sha256 })).catch(() => undefined);
    },
  };
}

/** A key beside the folder of a log: `datasets/demo/log` and `head` make `datasets/demo/head`. */
export function besideLog(folder: string, name: string): string {
  return [...folder.split('/').slice(0, -1), name].join('/');
}
