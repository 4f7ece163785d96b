/**
 * The cosine of two about-unit vectors, as the rule defines it: the sum of the products of their float32 components in
 * index order, in float64. The vectors are the `dimension` components from `a[aStart]` and `b[bStart]` on. The order of
 * summation is part of the result: another one may differ in the last bits, and so decide otherwise.
 */
export function cosine(a: Float32Array, aStart: number, b: Float32Array, bStart: number, dimension: number): number {
  let sum = 0;
  for (let i = 0; i < dimension; i++) sum += (a[aStart + i] ?? 0) * (b[bStart + i] ?? 0);
  return sum;
}
