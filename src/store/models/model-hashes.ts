import { z } from 'zod';
import { sealJson, sha256Of, unsealJson } from '../artifacts/sealed.ts';
import type { ArtifactStore } from '../artifacts/store.ts';

/** The hashes of embedding models whose files were read before, so that a start does not read them again. */
export interface ModelHashes {
  /** The hash of the model of that fingerprint; `null` if it is not known. */
  find(fingerprint: string): Promise<string | null>;
  /** Remembers a hash; without permission to write, it is computed again next time. */
  note(fingerprint: string, hash: string): Promise<void>;
}

const noted = z.strictObject({ hash: z.string().regex(/^[0-9a-f]{64}$/) });

export function openModelHashes(store: ArtifactStore): ModelHashes {
  const key = (fingerprint: string) => `model-hashes/${sha256Of(fingerprint).slice(0, 32)}`;
  return {
    async find(fingerprint) {
      const bytes = await store.readIfThere(key(fingerprint)).catch(() => null);
      return bytes === null ? null : (noted.safeParse(unsealJson(bytes)).data?.hash ?? null);
    },
    async note(fingerprint, hash) {
      await store.replace(key(fingerprint), sealJson({ hash })).catch(() => undefined);
    },
  };
}
