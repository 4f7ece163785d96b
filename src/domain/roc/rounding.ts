/**
 * `value` with 3 decimals as Python's `round(value, 3)` gives it: the nearest to the exact binary value, ties to even.
 * Infinite values stay infinite.
 */
export function roundTo3(value: number): number {
  // A tie needs 2000 · value to be an odd integer; of the binary fractions these are the odd sixteenths.
  const sixteenths = value * 16;
  if (Number.isInteger(sixteenths) && sixteenths % 2 !== 0) {
    const below = Math.floor(value * 1000);
    return (below % 2 === 0 ? below : below + 1) / 1000;
  }
  // Exact but for ties, which are settled; adding 0 turns -0 into 0.
  return Number.isFinite(value) ? Number(value.toFixed(3)) + 0 : value;
}
