import { textHash } from '../../src/store/vectors/text-vectors.ts';
import type { Needs } from './context.ts';

/** The vectors of a run's texts. */
export interface RunVectors {
  /** @throws RangeError for a text that the run does not hold */
  of(text: string): Float32Array;
  /** Adds them to those that the tenant has embedded, so that they are not embedded again. */
  remember(): Promise<void>;
}

/** Reads what the run's pages and batches embedded. */
export async function runVectors(id: string, { runs, embedder, vectorIndex }: Needs): Promise<RunVectors> {
  const { dimension } = embedder;
  const byText = new Map<string, Float32Array>();
  const byKey = new Map<string, Float32Array>();
  const { pages, batches } = await runs.embedded(id);
  for (const file of [...pages, ...batches]) {
    const { hashes, rowOf, keys, vectors } = await runs.readVectors(id, file);
    const vectorAt = (row: number) => vectors.subarray(row * dimension, (row + 1) * dimension);
    for (const [row, key] of keys.entries()) byKey.set(key, vectorAt(row));
    for (const [index, hash] of hashes.entries()) byText.set(hash, vectorAt(rowOf[index] ?? 0));
  }
  return {
    of(text) {
      const vector = byText.get(textHash(text));
      if (vector === undefined) throw new RangeError(`the run ${id} has no vector for one of its ${byText.size} texts`);
      return vector;
    },
    remember: () => vectorIndex.add(byKey),
  };
}
