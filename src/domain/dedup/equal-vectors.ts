/**
 * How far below 1 the computed cosine of a float32 unit vector with itself may be: each component is rounded by at most
 * 2⁻²⁴ of itself, so that the square of the length is off by at most about 2⁻²³.
 */
const rounding = 1e-6;

/** The cosine from which on pairs must be looked at so that `isDuplicate` misses none. */
export function lowestOfInterest(threshold: number): number {
  return threshold <= 1 ? Math.min(threshold, 1 - rounding) : threshold;
}

/**
 * Whether a pair reaches the threshold. Two equal unit vectors do at any threshold up to 1: their cosine is 1, also where
 * the sum of rounded products is below.
 * @param cosine of the pair, as the rule sums it
 * @param areEqual asked only where it matters
 */
export function isDuplicate(cosine: number, threshold: number, areEqual: () => boolean): boolean {
  return cosine >= threshold || (cosine >= lowestOfInterest(threshold) && areEqual());
}

/** Whether `dimension` components from `aStart` and from `bStart` on are the same. */
export function areEqual(a: Float32Array, aStart: number, b: Float32Array, bStart: number, dimension: number): boolean {
  for (let i = 0; i < dimension; i++) if (a[aStart + i] !== b[bStart + i]) return false;
  return true;
}
