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

/** The golden ratio's fraction: its multiples spread evenly over 0..1, however many there are. */
const step = 0.6180339887498949;

/**
 * `batches` in an order in which long and short sequences alternate, so that the texts done so far are a fair measure of
 * the tokens done. The first one, which is the largest, stays first: the others use its memory again.
 */
export function inEvenOrder<Batch>(batches: readonly Batch[]): Batch[] {
  return batches
    .map((batch, index) => ({ batch, rank: (index * step) % 1 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ batch }) => batch);
}
