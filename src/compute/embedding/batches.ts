/**
 * Which sequences go through the network together: places in `lengths`, neighbours in length, so that little is padded
 * and a batch, padding included, has at most `tokenBudget` tokens. A longer sequence makes a batch of its own.
 * The longest come first: the first batch then takes the memory that the later ones use again.
 */
export function planBatches(lengths: readonly number[], tokenBudget: number): number[][] {
  const places = lengths.map((length, place) => ({ length, place })).sort((a, b) => b.length - a.length);
  const batches: number[][] = [];
  let batch: number[] = [];
  let longest = 0;
  for (const { length, place } of places) {
    if (batch.length === 0 || (batch.length + 1) * longest > tokenBudget) {
      batch = [];
      batches.push(batch);
      longest = length;
    }
    batch.push(place);
  }
  return batches;
}
