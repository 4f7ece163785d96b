/** Expired artifacts: keys that belong together and are removed together. */
export interface ExpiredArtifacts {
  readonly keys: readonly string[];
}

/** The kinds of artifacts that expire. */
export const kinds = ['runs', 'uploads', 'notes', 'leftovers'] as const;
export type Kind = (typeof kinds)[number];
