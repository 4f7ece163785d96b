import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { damagedArtifact, parseArtifact } from '../artifacts/parse-artifact.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import { openSum } from '../artifacts/sum.ts';

/** A file that a user uploaded: jobs name it by `ref`. */
export const upload = z.object({
  ref: z.uuid(),
  /** The file's own name, without its folder. */
  name: z.string(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string(),
  at: z.string(),
  /** Who stored it over HTTP. */
  owner: z.string().optional(),
});
export type Upload = z.infer<typeof upload>;

export interface UploadOptions {
  readonly ref?: string;
  /** Who may use it: the name of a key, or a login. */
  readonly owner?: string;
}

export interface Uploads {
  /**
   * Stores a file from a stream. If `content` fails, nothing is kept, and its error is thrown unchanged.
   * @param options.ref makes the call idempotent: a caller must give the same content for the same `ref`
   * @throws MlopsError STORE_UNWRITABLE
   */
  take(name: string, content: AsyncIterable<Uint8Array>, options?: UploadOptions): Promise<Upload>;
  /** `null` if it does not exist or has expired. */
  find(ref: string): Promise<Upload | null>;
  /** The bytes; the stream fails with ARTIFACT_DAMAGED at its end if they differ from the upload. */
  read(upload: Upload): AsyncIterable<Uint8Array>;
}

export function openUploads(store: ArtifactStore): Uploads {
  const folder = (ref: string) => `uploads/${ref}`;
  const key = (ref: string, part: string) => `${folder(ref)}/${part}`;

  async function find(ref: string): Promise<Upload | null> {
    if (!z.uuid().safeParse(ref).success) return null;
    const content = await store.readIfThere(key(ref, 'upload.json'));
    return content === null ? null : parseArtifact(key(ref, 'upload.json'), content, upload);
  }

  return {
    async take(name, content, { ref = randomUUID(), owner } = {}) {
      const sum = openSum();
      const isNew = await store
        .create(key(ref, 'content'), Readable.from(sum.through(content)))
        .catch(async (error: unknown) => {
          if (!(await store.exists(key(ref, 'content')).catch(() => true)))
            await store.remove(`uploads/${ref}`).catch(() => undefined);
          throw error;
        });
      const total = isNew ? sum.total() : await totalOf(store.stream(key(ref, 'content')));
      await store.create(
        key(ref, 'upload.json'),
        JSON.stringify({ ref, name, ...total, at: new Date().toISOString(), owner } satisfies Upload),
      );
      return parseArtifact(key(ref, 'upload.json'), await store.read(key(ref, 'upload.json')), upload);
    },
    find,
    async *read({ ref, sha256 }) {
      const sum = openSum();
      yield* sum.through(store.stream(key(ref, 'content')));
      if (sum.total().sha256 !== sha256) throw damagedArtifact(key(ref, 'content'));
    },
  };
}

async function totalOf(content: AsyncIterable<Uint8Array>): Promise<{ bytes: number; sha256: string }> {
  const sum = openSum();
  for await (const _ of sum.through(content));
  return sum.total();
}
