import type { ArtifactStore } from '../artifacts/store.ts';
import { filesOf, type RetentionRule } from '../retention/rule.ts';

const batches = 'extractions/batches';
const requests = 'extractions/requests';

/** Results of finished batches, from their end on, with the records of the requests for them. */
export const extractionRetention: RetentionRule = {
  kind: 'extractions',
  term: 'extractionsMs',
  expired: (store, before) => oldBatches(store, folder => endedBefore(store, folder, before)),
};

/** Batches that were never finished, while a failed job of theirs could be retried. */
export const unfinishedRetention: RetentionRule = {
  kind: 'extractions',
  term: 'notesMs',
  async *expired(store, before) {
    const isAbandoned = async (folder: string) => {
      if (await store.exists(`${folder}/result.json`)) return false;
      const parts = await Promise.all(
        ['batch.json', 'chunks', 'requests'].map(async part => await newest(store, `${folder}/${part}`)),
      );
      return Math.max(...parts) < before;
    };
    yield* oldBatches(store, isAbandoned);
    // Of requests whose batch was removed by a process that was killed before it could remove them.
    yield* filesOf(requests, { kind: 'extractions', term: 'notesMs' }).expired(store, before, {
      isWanted: () => false,
      keptNotes: new Set(),
    });
  },
};

async function* oldBatches(store: ArtifactStore, isOld: (folder: string) => Promise<boolean>) {
  for (const identity of await store.list(batches))
    for (const generation of await store.list(`${batches}/${identity}`)) {
      const folder = `${batches}/${identity}/${generation}`;
      if (!(await isOld(folder))) continue;
      const bound = await store.list(`${folder}/requests`);
      yield { keys: [...bound.map(request => `${requests}/${request}`), folder] };
    }
}

async function endedBefore(store: ArtifactStore, folder: string, before: number): Promise<boolean> {
  const result = await store.about(`${folder}/result.json`);
  // A request may have asked for the results later, by --reuse.
  return result !== null && result.at < before && (await newest(store, `${folder}/requests`)) < before;
}

/** When the newest file of a folder, or the file itself, was written. */
async function newest(store: ArtifactStore, key: string): Promise<number> {
  const about = await store.about(key);
  if (about !== null) return about.at;
  const times = await Promise.all((await store.list(key)).map(async name => await store.about(`${key}/${name}`)));
  return times.reduce((latest, each) => Math.max(latest, each?.at ?? 0), 0);
}
