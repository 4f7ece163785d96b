import type { ArtifactStore } from '../artifacts/store.ts';
import type { Runs } from '../runs/runs.ts';
import { type ExpiredArtifacts, type Kind, kinds } from './expired-artifacts.ts';
import { oldNotes, oldProbes } from './old-notes.ts';
import { oldRuns } from './old-runs.ts';
import { oldUploads } from './old-uploads.ts';

/** How long artifacts are kept, in milliseconds. */
export interface Terms {
  /** Pages and turns, after their run was committed or closed. */
  readonly runsMs: number;
  readonly uploadsMs: number;
  readonly notesMs: number;
}

export interface SweepOptions {
  readonly terms: Terms;
  /** In ms since 1970. */
  readonly now: number;
  /** Only counts. */
  readonly isDryRun: boolean;
  /** Whether a job that has not succeeded uses this upload. */
  isWanted(ref: string): boolean;
  /** Notes to keep at any age. */
  readonly keptNotes: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/** Counts of one kind that were removed: runs, uploads or notes, and their files. */
export interface Swept {
  readonly kind: Kind;
  readonly count: number;
  readonly files: number;
  readonly bytes: number;
}

const day = 86_400_000;

/**
 * Removes expired artifacts. It depends only on the store's content, not on events: running it twice, or concurrently, is
 * safe, and the next sweep finds what one misses. Datasets, registries, logs and reports are never touched.
 */
export async function sweep(store: ArtifactStore, runs: Runs, options: SweepOptions): Promise<Swept[]> {
  const { terms, now, isWanted, keptNotes } = options;
  const sums = new Map(kinds.map(kind => [kind, { count: 0, files: 0, bytes: 0 }]));
  const add = (kind: Kind, files: number, bytes: number): void => {
    const sum = sums.get(kind);
    if (sum === undefined) return;
    sum.count += 1;
    sum.files += files;
    sum.bytes += bytes;
  };

  async function take(kind: Kind, expired: AsyncIterable<ExpiredArtifacts>): Promise<void> {
    for await (const { keys } of expired) {
      options.signal.throwIfAborted();
      const sizes = await Promise.all(keys.map(key => sizeOf(store, key)));
      if (!options.isDryRun) for (const key of keys) await store.remove(key);
      add(
        kind,
        sizes.reduce((sum, { files }) => sum + files, 0),
        sizes.reduce((sum, { bytes }) => sum + bytes, 0),
      );
    }
  }

  await take('runs', oldRuns(store, runs, now - terms.runsMs));
  await take('uploads', oldUploads(store, now - terms.uploadsMs, isWanted));
  await take('notes', oldNotes(store, now - terms.notesMs, keptNotes));
  await take('leftovers', oldProbes(store, now - day));
  for await (const leftover of store.leftovers(now - day)) {
    options.signal.throwIfAborted();
    if (!options.isDryRun) await leftover.remove();
    add('leftovers', 1, leftover.bytes);
  }
  return [...sums].map(([kind, sum]) => ({ kind, ...sum }));
}

async function sizeOf(store: ArtifactStore, key: string): Promise<{ files: number; bytes: number }> {
  const about = await store.about(key);
  if (about !== null) return { files: 1, bytes: about.bytes };
  let files = 0;
  let bytes = 0;
  for (const name of await store.list(key)) {
    const part = await sizeOf(store, `${key}/${name}`);
    files += part.files;
    bytes += part.bytes;
  }
  return { files, bytes };
}
