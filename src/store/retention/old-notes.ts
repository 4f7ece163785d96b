import type { ArtifactStore } from '../artifacts/store.ts';
import type { ExpiredArtifacts } from './expired-artifacts.ts';

/**
 * Notes of a request's outcome, of cancellations, and of entries that the audit log holds once: a job that runs again reads
 * them, so that nothing is done twice. After the longest time that a job can wait they are not needed.
 */
const folders: readonly string[] = ['requests', 'accepted', 'cancelled', 'audit/once'];

/** @param kept keys that are needed for longer */
export async function* oldNotes(
  store: ArtifactStore,
  before: number,
  kept: ReadonlySet<string>,
): AsyncGenerator<ExpiredArtifacts> {
  for (const folder of folders) yield* oldIn(store, folder, before, kept);
}

/** Probes that a killed process could not remove. */
export function oldProbes(store: ArtifactStore, before: number): AsyncGenerator<ExpiredArtifacts> {
  return oldIn(store, 'probes', before, new Set());
}

async function* oldIn(
  store: ArtifactStore,
  folder: string,
  before: number,
  kept: ReadonlySet<string>,
): AsyncGenerator<ExpiredArtifacts> {
  for (const name of await store.list(folder)) {
    const key = `${folder}/${name}`;
    const about = kept.has(key) ? null : await store.about(key);
    if (about !== null && about.at < before) yield { keys: [key] };
  }
}
