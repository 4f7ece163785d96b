/** The decisions for n vectors, one per row. */
export interface Decisions {
  /** 1 where the vector is kept, 0 where it is removed. */
  readonly kept: Uint8Array;
  /** For a kept vector its own new number; for a removed one the number of the kept vector that it duplicates. */
  readonly keeper: Int32Array;
  /** For a removed vector its cosine with `keeper`; for a kept one 1. */
  readonly cosine: Float64Array;
}

/**
 * How many vectors of `dimension` components `vectors` holds.
 *
 * @throws {RangeError} when that is not a whole number
 */
export function rowsOf(vectors: Float32Array, dimension: number): number {
  const rows = vectors.length / dimension;
  if (!Number.isInteger(rows)) {
    throw new RangeError(`${vectors.length} components are not a whole number of vectors of ${dimension}`);
  }
  return rows;
}
