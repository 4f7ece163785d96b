import {
  canonicalNormalization,
  checkNormalization,
  defaultNormalization,
  type Normalization,
} from '../../domain/entity/normalization.ts';
import { damagedArtifact } from '../artifacts/parse-artifact.ts';
import { sha256Of } from '../artifacts/sealed.ts';
import type { ArtifactStore } from '../artifacts/store.ts';

/** Normalization tables by the hash of their content, which jobs name: a file that changes later changes no request. */
export interface Normalizations {
  /** Stores a table. @returns its hash; `null` for the default table, which needs no storing */
  write(table: Normalization): Promise<string | null>;
  /** @throws MlopsError ARTIFACT_MISSING, ARTIFACT_DAMAGED */
  read(hash: string | null): Promise<Normalization>;
}

export function openNormalizations(store: ArtifactStore): Normalizations {
  const key = (hash: string) => `extractions/normalizations/${hash}`;
  const usual = hashOf(defaultNormalization);

  return {
    async write(table) {
      const hash = hashOf(table);
      if (hash === usual) return null;
      await store.create(key(hash), JSON.stringify(table));
      return hash;
    },
    async read(hash) {
      if (hash === null) return defaultNormalization;
      const content = await store.read(key(hash));
      const checked = checkNormalization(parsed(content));
      if (!checked.ok || hashOf(checked.normalization) !== hash) throw damagedArtifact(key(hash));
      return checked.normalization;
    },
  };
}

function hashOf(table: Normalization): string {
  return sha256Of(canonicalNormalization(table));
}

function parsed(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    return undefined;
  }
}
