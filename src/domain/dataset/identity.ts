import { z } from 'zod';

/** What a dataset is called: it is a folder's name, and `NAME@VERSION` must stay readable. */
export const datasetName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
    'must be 1 to 64 letters, digits, "-" or "_", and start with a letter or digit',
  );

/** What must not change over the life of a dataset, because its rows were chosen by it. */
export const datasetIdentity = z.strictObject({
  tenant: z.string(),
  /** The model's hash: vectors of two models cannot be compared. */
  model: z.string(),
  similarity: z.number(),
  minRating: z.number(),
  /** Sorted; `null`: all bots. */
  bots: z.array(z.string()).nullable(),
});
export type DatasetIdentity = z.infer<typeof datasetIdentity>;

/** In what two identities differ, for people; empty where they are the same. */
export function identityDifferences(has: DatasetIdentity, wanted: DatasetIdentity): string[] {
  const show = (value: string | number | readonly string[] | null) =>
    value === null ? 'all' : typeof value === 'object' ? value.join(' ') : String(value).slice(0, 24);
  const names = {
    tenant: 'tenant',
    model: 'model',
    similarity: 'similarity',
    minRating: 'minimum rating',
    bots: 'bots',
  } as const;
  const fields = ['tenant', 'model', 'similarity', 'minRating', 'bots'] as const;
  return fields
    .filter(field => JSON.stringify(has[field]) !== JSON.stringify(wanted[field]))
    .map(field => `${names[field]} is ${show(has[field])}, not ${show(wanted[field])}`);
}
