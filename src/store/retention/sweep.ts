import type { ArtifactStore } from '../artifacts/store.ts';
import { filesOf, type Kind, kinds, type RetentionRule, type StillNeeded, type Terms } from './rule.ts';

export interface SweepOptions extends StillNeeded {
  readonly rules: readonly RetentionRule[];
  readonly terms: Terms;
  /** In ms since 1970. */
  readonly now: number;
  /** Only counts. */
  readonly isDryRun: boolean;
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

/** Probes that a killed process could not remove. */
const probes = filesOf('probes', { kind: 'leftovers', term: { ms: day } });

/**
 * Removes expired artifacts. It depends only on the store's content, not on events: running it twice, or concurrently, is
 * safe, and the next sweep finds what one misses. Datasets, registries, logs and reports are never touched.
 */
export async function sweep(store: ArtifactStore, options: SweepOptions): Promise<Swept[]> {
  const { terms, now } = options;
  const sums = new Map(kinds.map(kind => [kind, { count: 0, files: 0, bytes: 0 }]));
  const add = (kind: Kind, files: number, bytes: number): void => {
    const sum = sums.get(kind);
    if (sum === undefined) return;
    sum.count += 1;
    sum.files += files;
    sum.bytes += bytes;
  };

  async function apply(rule: RetentionRule): Promise<void> {
    const keptMs = typeof rule.term === 'string' ? terms[rule.term] : rule.term.ms;
    for await (const { keys } of rule.expired(store, now - keptMs, options)) {
      options.signal.throwIfAborted();
      const sizes = await Promise.all(keys.map(key => sizeOf(store, key)));
      if (!options.isDryRun) for (const key of keys) await store.remove(key);
      add(
        rule.kind,
        sizes.reduce((sum, { files }) => sum + files, 0),
        sizes.reduce((sum, { bytes }) => sum + bytes, 0),
      );
    }
  }

  for (const rule of [...options.rules, probes]) await apply(rule);
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
