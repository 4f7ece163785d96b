import type { ArtifactStore } from '../artifacts/store.ts';
import type { ExpiredArtifacts } from './expired-artifacts.ts';

/** Uploads older than `before` that no job waits to read. */
export async function* oldUploads(
  store: ArtifactStore,
  before: number,
  isWanted: (ref: string) => boolean,
): AsyncGenerator<ExpiredArtifacts> {
  for (const ref of await store.list('uploads')) {
    const parts = await Promise.all(
      (await store.list(`uploads/${ref}`)).map(name => store.about(`uploads/${ref}/${name}`)),
    );
    const newest = parts.reduce((latest, part) => Math.max(latest, part?.at ?? 0), 0);
    // A folder without a file is being written to.
    if (parts.length > 0 && newest < before && !isWanted(ref)) yield { keys: [`uploads/${ref}`] };
  }
}
