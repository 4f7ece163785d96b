/**
 * A text's vector: the mean of the network's outputs over the text's own tokens, brought to unit length. The sums are
 * taken in float64, token after token and never over padding, so that the result is the same in any batch.
 *
 * `hidden` holds one row of `dimension` numbers a token; the text has `tokens` of them from `from` on. Written to
 * `vectors` at `to`.
 */
export function meanPool(
  hidden: Float32Array,
  from: number,
  tokens: number,
  vectors: Float32Array,
  to: number,
  dimension: number,
): void {
  const sum = new Float64Array(dimension);
  for (let token = 0; token < tokens; token++) {
    const row = from + token * dimension;
    for (let i = 0; i < dimension; i++) sum[i] = (sum[i] ?? 0) + (hidden[row + i] ?? 0);
  }
  // The mean's divisor cancels out in the unit length.
  let squares = 0;
  for (const value of sum) squares += value * value;
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  for (let i = 0; i < dimension; i++) vectors[to + i] = (sum[i] ?? 0) * scale;
}
