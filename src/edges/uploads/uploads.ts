import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { damagedArtifact, parseArtifact } from '../artifacts/parse-artifact.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import { openSum } from '../artifacts/sum.ts';

/** A file that somebody gave, in the store: jobs name it by `ref`. */
export const upload = z.object({
  ref: z.uuid(),
  /** The file's own name, without its folder. */
  name: z.string(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string(),
  at: z.string(),
});
export type Upload = z.infer<typeof upload>;

export interface Uploads {
  /**
   * Takes a file in, as a stream. Where `content` fails nothing stays, and its error is thrown as it is.
   * @throws MlopsError STORE_UNWRITABLE
   */
  take(name: string, content: AsyncIterable<Uint8Array>): Promise<Upload>;
  /** `null` where there is none, or no more. */
  find(ref: string): Promise<Upload | null>;
  /** The bytes, which fail with ARTIFACT_DAMAGED at their end where they are not those that were given. */
  read(upload: Upload): AsyncIterable<Uint8Array>;
}

export function openUploads(store: ArtifactStore): Uploads {
  const folder = (ref: string) => `uploads/${ref}`;
  const key = (ref: string, part: string) => `${folder(ref)}/${part}`;

  return {
    async take(name, content) {
      const ref = randomUUID();
      const sum = openSum();
      try {
        await store.create(key(ref, 'content'), Readable.from(sum.through(content)));
        const taken: Upload = { ref, name, ...sum.total(), at: new Date().toISOString() };
        await store.create(key(ref, 'upload.json'), JSON.stringify(taken));
        return taken;
      } catch (error) {
        await store.remove(folder(ref)).catch(() => undefined);
        throw error;
      }
    },
    async find(ref) {
      if (!z.uuid().safeParse(ref).success) return null;
      const content = await store.readIfThere(key(ref, 'upload.json'));
      return content === null ? null : parseArtifact(key(ref, 'upload.json'), content, upload);
    },
    async *read({ ref, sha256 }) {
      const sum = openSum();
      yield* sum.through(store.stream(key(ref, 'content')));
      if (sum.total().sha256 !== sha256) throw damagedArtifact(key(ref, 'content'));
    },
  };
}
