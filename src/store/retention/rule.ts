import type { ArtifactStore } from '../artifacts/store.ts';

/** Expired artifacts: keys that belong together and are removed together. */
export interface ExpiredArtifacts {
  readonly keys: readonly string[];
}

/** The kinds of artifacts that expire, as reports of a sweep name them. */
export const kinds = ['runs', 'uploads', 'extractions', 'notes', 'leftovers'] as const;
export type Kind = (typeof kinds)[number];

/** How long artifacts are kept, in milliseconds: the settings `RETENTION_*`. */
export interface Terms {
  /** Pages and turns, after their run was committed or closed. */
  readonly runsMs: number;
  readonly uploadsMs: number;
  /** Results of batches, after their end. */
  readonly extractionsMs: number;
  /** Records that a retried job reads. */
  readonly notesMs: number;
}

/** What is needed for longer than its term. */
export interface StillNeeded {
  /** Whether a job that has not succeeded uses this upload. */
  isWanted(ref: string): boolean;
  /** Keys of notes to keep at any age. */
  readonly keptNotes: ReadonlySet<string>;
}

/** What a repository lets expire, declared in the folder that writes it. */
export interface RetentionRule {
  readonly kind: Kind;
  /** The setting that says how long; the others have a fixed term. */
  readonly term: keyof Terms | { readonly ms: number };
  /** Artifacts that expired before `before`, in ms since 1970. */
  expired(store: ArtifactStore, before: number, needed: StillNeeded): AsyncIterable<ExpiredArtifacts>;
}

/** A rule for folders in which each file expires by itself. */
export function filesOf(folder: string, rule: Pick<RetentionRule, 'kind' | 'term'>): RetentionRule {
  return {
    kind: rule.kind,
    term: rule.term,
    async *expired(store, before, { keptNotes }) {
      for (const name of await store.list(folder)) {
        const key = `${folder}/${name}`;
        const about = keptNotes.has(key) ? null : await store.about(key);
        if (about !== null && about.at < before) yield { keys: [key] };
      }
    },
  };
}
