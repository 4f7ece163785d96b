import { Readable } from 'node:stream';
import { z } from 'zod';
import type { ModelFile } from '../../domain/skill-training/data-summary.ts';
import { type RegistryEntry, registryEntry } from '../../domain/skill-training/registry-entry.ts';
import { MlopsError } from '../../errors.ts';
import { foldLog } from '../artifacts/folded-log.ts';
import { type LogFinding, type Numbered, openLog } from '../artifacts/log.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import { openSum } from '../artifacts/sum.ts';
import { nameOf } from '../trainings/trainings.ts';

/** The registry of one tenant's models, oldest first, and their files. Memory and checkpoints hold all entries. */
export interface Models {
  /** @throws MlopsError REGISTRY_DAMAGED */
  list(): Promise<readonly Numbered<RegistryEntry>[]>;
  /** Registers the model of a request, once. @returns its number */
  register(entry: RegistryEntry): Promise<number>;
  /** The file of a model, if it is already stored. */
  find(jobId: string, name: string): Promise<ModelFile | null>;
  /** Stores a file of a model, whole or not at all. Errors of `content` are thrown unchanged. */
  keep(jobId: string, name: string, content: AsyncIterable<Uint8Array>): Promise<ModelFile>;
  /** Checks the registry, not the files. */
  verify(): Promise<LogFinding[]>;
}

const folder = 'models/log';
const registered = z.array(z.strictObject({ number: z.int().positive(), entry: registryEntry }));

export function openModels(store: ArtifactStore): Models {
  const log = openLog(store, folder, registryEntry, {
    code: 'REGISTRY_DAMAGED',
    remedy: 'Restore the entry from a backup of the store',
  });
  const folded = foldLog(store, folder, log, {
    empty: (): Numbered<RegistryEntry>[] => [],
    add: (models, entry, number) => {
      models.push({ number, entry });
      return models;
    },
    shape: registered,
  });
  const key = (jobId: string, name: string) => `models/files/${nameOf(jobId)}/${name}`;

  async function list(): Promise<readonly Numbered<RegistryEntry>[]> {
    return [...(await folded.read()).state];
  }

  async function find(jobId: string, name: string): Promise<ModelFile | null> {
    const place = key(jobId, name);
    if (!(await store.exists(place))) return null;
    const sum = openSum();
    for await (const _ of sum.through(store.stream(place)));
    return { name, key: place, ...sum.total() };
  }

  return {
    list,
    async register(entry) {
      for (;;) {
        const models = await list();
        const same = models.find(each => each.entry.request === entry.request);
        if (same !== undefined) return same.number;
        const added = await folded.append(models.length, entry);
        if (added !== null) return added.number;
      }
    },
    find,
    verify: folded.verify,
    async keep(jobId, name, content) {
      const sum = openSum();
      const created = await store.create(key(jobId, name), Readable.from(sum.through(whileRoom(store, content))));
      if (created) return { name, key: key(jobId, name), ...sum.total() };
      const first = await find(jobId, name);
      return first ?? (await this.keep(jobId, name, content));
    },
  };
}

/** Left free for everything else that the system writes. */
const keptFreeBytes = 256 * 1024 * 1024;
const checkEveryBytes = 16 * 1024 * 1024;

/** @throws MlopsError STORE_UNWRITABLE before the content fills the disk */
async function* whileRoom(
  store: Pick<ArtifactStore, 'freeBytes' | 'place'>,
  content: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let sinceCheck = 0;
  for await (const chunk of content) {
    if (sinceCheck === 0 && ((await store.freeBytes()) ?? Number.POSITIVE_INFINITY) < keptFreeBytes)
      throw new MlopsError(
        'STORE_UNWRITABLE',
        `less than ${keptFreeBytes / 1024 / 1024} MB are free at ${store.place}: make room, then run it again`,
        { where: store.place },
      );
    yield chunk;
    sinceCheck = sinceCheck + chunk.byteLength > checkEveryBytes ? 0 : sinceCheck + chunk.byteLength;
  }
}
