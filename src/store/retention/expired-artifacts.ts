/** What has stood long enough: keys that belong together, removed whole. */
export interface ExpiredArtifacts {
  readonly keys: readonly string[];
}

/** What is swept, by what it is. */
export const kinds = ['runs', 'uploads', 'notes', 'leftovers'] as const;
export type Kind = (typeof kinds)[number];
