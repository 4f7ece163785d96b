import { MlopsError } from '../../errors.ts';
import { seal, unseal } from '../artifacts/sealed.ts';
import type { ArtifactStore } from '../artifacts/store.ts';

/**
 * The intermediate files of a run: sealed, so that a change on disk is detected on reading and does not get into the
 * dataset. All of them can be fetched or computed again.
 */
export interface RunFiles {
  /** Creates a file. @returns whether this call created it */
  create(key: string, content: string | Uint8Array): Promise<boolean>;
  /** @throws MlopsError ARTIFACT_MISSING, RUN_FILE_DAMAGED */
  read(key: string): Promise<Buffer>;
  /** `null` where there is none. @throws MlopsError RUN_FILE_DAMAGED */
  readIfThere(key: string): Promise<Buffer | null>;
}

export function openRunFiles(store: ArtifactStore): RunFiles {
  const opened = (key: string, bytes: Buffer): Buffer => {
    const content = unseal(bytes);
    if (content === null) throw damagedRunFile(key);
    return content;
  };
  return {
    create: (key, content) => store.create(key, seal(content)),
    read: async key => opened(key, await store.read(key)),
    async readIfThere(key) {
      const bytes = await store.readIfThere(key);
      return bytes === null ? null : opened(key, bytes);
    },
  };
}

/** `where` is the file's key, for `Runs.discard`. */
export function damagedRunFile(key: string): MlopsError {
  return new MlopsError(
    'RUN_FILE_DAMAGED',
    `${key} does not match its SHA-256: it is removed, and fetched or computed again`,
    { where: key },
  );
}
