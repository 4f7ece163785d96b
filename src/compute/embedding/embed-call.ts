import { inEvenOrder, planBatches } from './batches.ts';
import type { Cancellation } from './cancellation.ts';
import { keyBytes, type Sequences, type TokenizedTexts } from './messages.ts';
import type { Sessions } from './sessions.ts';
import type { VectorCache } from './vector-cache.ts';

/** What a call works with. */
export interface Surroundings {
  readonly sessions: Sessions;
  readonly cache: VectorCache;
  readonly dimension: number;
  readonly tokenBudget: number;
  readonly cancellation: Cancellation;
  /** Called after each batch with the texts that have a vector. */
  readonly onProgress: (done: number) => void;
}

/** The embedding of some texts: a row for each distinct sequence of token ids. */
export class EmbedCall {
  readonly keys: readonly string[];
  readonly vectors: Float32Array;
  /** Sequences that went through the network, and their batches. */
  readonly sums = { sequences: 0, batches: 0 };
  readonly #tokens: TokenizedTexts;
  readonly #around: Surroundings;
  /** Of each row, where its ids begin, and how many texts it is the vector of. */
  readonly #starts: Int32Array;
  readonly #texts: Int32Array;
  #done = 0;

  constructor(tokens: TokenizedTexts, around: Surroundings) {
    const { lengths, keys, sequenceOf } = tokens;
    this.#tokens = tokens;
    this.#around = around;
    this.keys = Array.from(lengths, (_, row) => Buffer.from(keys.buffer, row * keyBytes, keyBytes).toString('latin1'));
    this.vectors = new Float32Array(lengths.length * around.dimension);
    this.#starts = new Int32Array(lengths.length);
    for (let row = 1; row < lengths.length; row++)
      this.#starts[row] = (this.#starts[row - 1] ?? 0) + (lengths[row - 1] ?? 0);
    this.#texts = new Int32Array(lengths.length);
    for (const row of sequenceOf) this.#texts[row] = (this.#texts[row] ?? 0) + 1;
  }

  /** Fills all rows, with `stored` vectors where there are some; ends early when cancelled. */
  async run(stored: ReadonlyMap<string, Float32Array>): Promise<void> {
    let left = [...this.keys.keys()].filter(row => !this.#take(row, stored.get(this.keys[row] ?? '')));
    while (left.length > 0 && !this.#around.cancellation.isCancelled) left = await this.#embed(left);
  }

  /** @returns the rows that another call announced, and then gave up */
  async #embed(rows: readonly number[]): Promise<number[]> {
    const { cache } = this.#around;
    const own: number[] = [];
    const others: { readonly row: number; readonly vector: Promise<Float32Array | null> }[] = [];
    for (const row of rows) {
      const key = this.keys[row] ?? '';
      if (this.#take(row, cache.get(key))) continue;
      const pending = cache.pending(key);
      if (pending === undefined) own.push(row);
      else others.push({ row, vector: pending });
    }
    await this.#infer(own);
    const missed: number[] = [];
    for (const { row, vector } of others) if (!this.#take(row, await vector)) missed.push(row);
    return missed;
  }

  async #infer(rows: readonly number[]): Promise<void> {
    const { sessions, cache, cancellation, dimension, onProgress } = this.#around;
    const announced = new Map(rows.map(row => [row, cache.announce(this.keys[row] ?? '')]));
    const batches = planBatches(
      rows.map(row => this.#tokens.lengths[row] ?? 0),
      this.#around.tokenBudget,
    ).map(places => places.map(place => rows[place] ?? 0));

    const run = async (batch: readonly number[]): Promise<void> => {
      const found = await sessions.embed(this.#sequences(batch), () => cancellation.isCancelled);
      if (found === null) return;
      batch.forEach((row, index) => {
        const vector = found.slice(index * dimension, (index + 1) * dimension);
        this.#take(row, vector);
        announced.get(row)?.(vector);
        announced.delete(row);
      });
      this.sums.sequences += batch.length;
      this.sums.batches++;
      onProgress(this.#done);
    };
    const ends = await Promise.allSettled(
      inEvenOrder(batches).map(batch =>
        run(batch).catch((error: unknown) => {
          // The batches that wait are of no use without this one.
          cancellation.cancel();
          throw error;
        }),
      ),
    );
    for (const giveUp of announced.values()) giveUp(null);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  #take(row: number, vector: Float32Array | null | undefined): boolean {
    if (vector === null || vector === undefined) return false;
    this.vectors.set(vector, row * this.#around.dimension);
    this.#done += this.#texts[row] ?? 0;
    return true;
  }

  #sequences(rows: readonly number[]): Sequences {
    const lengths = Int32Array.from(rows, row => this.#tokens.lengths[row] ?? 0);
    const ids = new Int32Array(lengths.reduce((sum, length) => sum + length, 0));
    let to = 0;
    rows.forEach((row, index) => {
      const start = this.#starts[row] ?? 0;
      const length = lengths[index] ?? 0;
      ids.set(this.#tokens.ids.subarray(start, start + length), to);
      to += length;
    });
    return { ids, lengths };
  }
}
