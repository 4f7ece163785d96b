/**
 * `value` with so many decimals as Python's `round(value, decimals)` gives it: the nearest to the exact binary value,
 * ties to even. Infinite values stay infinite.
 * @param decimals 1 to 15
 */
export function roundTo(value: number, decimals: number): number {
  // A tie needs 2 · 10^d · value to be an odd integer; of the binary fractions these are the odd multiples of 2^-(d + 1).
  const parts = value * 2 ** (decimals + 1);
  if (Number.isInteger(parts) && parts % 2 !== 0) {
    const scale = 10 ** decimals;
    const below = Math.floor(value * scale);
    return (below % 2 === 0 ? below : below + 1) / scale;
  }
  // Exact but for ties, which are settled; adding 0 turns -0 into 0.
  return Number.isFinite(value) ? Number(value.toFixed(decimals)) + 0 : value;
}

/** `value` with 3 decimals. */
export function roundTo3(value: number): number {
  return roundTo(value, 3);
}
