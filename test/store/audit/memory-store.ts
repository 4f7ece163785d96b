import { Readable } from 'node:stream';
import { MlopsError } from '../../../src/errors.ts';
import type { ArtifactStore } from '../../../src/store/artifacts/store.ts';

/** A store in a map, whose every call gives way to the others first, so that writers interleave. */
export interface MemoryStore extends ArtifactStore {
  readonly files: Map<string, Buffer>;
}

export function memoryStore(): MemoryStore {
  const files = new Map<string, Buffer>();
  const others = () => new Promise<void>(resolve => setImmediate(resolve));

  async function readIfThere(key: string): Promise<Buffer | null> {
    await others();
    const content = files.get(key);
    return content === undefined ? null : Buffer.from(content);
  }

  async function read(key: string): Promise<Buffer> {
    const content = await readIfThere(key);
    if (content === null) throw new MlopsError('ARTIFACT_MISSING', `there is no ${key}`);
    return content;
  }

  return {
    place: 'memory',
    files,
    id: async () => 'memory',
    establish: async () => 'memory',
    async replace(key, content) {
      await others();
      files.set(key, Buffer.from(content));
    },
    read,
    readIfThere,
    async readRange(key, offset, bytes) {
      return (await readIfThere(key))?.subarray(offset, offset + bytes) ?? null;
    },
    async create(key, content) {
      await others();
      if (files.has(key)) return false;
      if (content instanceof Readable) throw new Error('no streams here');
      files.set(key, Buffer.from(content));
      return true;
    },
    stream: key => Readable.from(files.get(key) ?? []),
    exists: async key => (await readIfThere(key)) !== null,
    async list(folder) {
      await others();
      const within = [...files.keys()].filter(key => key.startsWith(`${folder}/`));
      return [...new Set(within.map(key => key.slice(folder.length + 1).split('/')[0] ?? ''))].sort();
    },
    async about(key) {
      const content = await readIfThere(key);
      return content === null ? null : { bytes: content.byteLength, at: 0 };
    },
    async *leftovers() {},
    openToOthers: async () => null,
    freeBytes: async () => null,
    async remove(key) {
      await others();
      for (const each of [...files.keys()]) if (each === key || each.startsWith(`${key}/`)) files.delete(each);
    },
  };
}
