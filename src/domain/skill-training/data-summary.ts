import { z } from 'zod';
import { datasetName } from '../dataset/identity.ts';

export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex');
const count = z.number().int().nonnegative();

/** Where training data came from. */
export const dataSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('file'), name: z.string() }),
  z.strictObject({
    kind: z.literal('dataset'),
    dataset: datasetName,
    version: z.number().int().positive(),
    manifestSha256: sha256,
    labelsSha256: sha256,
  }),
]);
export type DataSource = z.infer<typeof dataSource>;

/** What a model was trained on, without any of its texts. */
export const dataSummary = z.strictObject({
  /** SHA-256 of the lines of `fingerprintLines`. */
  fingerprint: sha256,
  utterances: count,
  /** Labels defined. */
  labels: count,
  source: dataSource,
  /** Where utterances were left out to correct an imbalance: what repeats that, and how many. */
  downsampled: z.strictObject({ seed: z.number().int(), dropped: count }).optional(),
});

/** A file in the artifact store. */
export const storedFile = z.strictObject({ key: z.string().min(1), bytes: count, sha256 });
export type StoredFile = z.infer<typeof storedFile>;

/** A file that the platform exported: `model-weights`, `config`. */
export const modelFile = storedFile.extend({ name: z.string().min(1) });
export type ModelFile = z.infer<typeof modelFile>;
