import { blockRows } from './kept.ts';
import type { Kernel, KernelMemory } from './kernel.ts';
import type { Reach } from './sketch.ts';

/** Kept sketches that one screening takes: few enough to stay in the processor's cache, and to bound the hits. */
export const screenedRows = 2048;

/** Kept sketches that a screening takes together: it begins with a multiple of this. */
export const panelRows = 8;
const never: Reach = { bar: 0x7fffffff, lastLaneKept: 0 };

/**
 * Holds integer sketches and finds the pairs whose product reaches a bar. It has rows for `blockRows` queries and for
 * any number of kept sketches, all of `lanes` int16 lanes; the lanes' meaning is the caller's.
 */
export class Screener {
  readonly lanes: number;
  readonly #run: (...args: number[]) => number;
  readonly #memory: KernelMemory;
  readonly #queriesAt = 64;
  readonly #barsAt: number;
  readonly #activeAt: number;
  readonly #hitsAt: number;
  readonly #panelsAt: number;
  readonly #lastLanesKept = new Int16Array(blockRows + 1);
  #lanesView: Int16Array;
  #numbersView: Int32Array;

  /** `lanes` is even. */
  constructor(kernel: Kernel, lanes: number) {
    // One query more than can be asked for: it fills the kernel's groups of four, and reaches no bar.
    const rows = blockRows + 4;
    this.lanes = lanes;
    this.#barsAt = this.#queriesAt + rows * lanes * 2;
    this.#activeAt = this.#barsAt + rows * 4;
    this.#hitsAt = this.#activeAt + rows * 4;
    this.#panelsAt = this.#hitsAt + blockRows * screenedRows * 8;
    const { run, memory } = kernel.instantiate('screen', this.#panelsAt);
    this.#run = run;
    this.#memory = memory;
    this.#lanesView = new Int16Array(memory.buffer);
    this.#numbersView = new Int32Array(memory.buffer);
    this.setReach(blockRows, never);
  }

  /** The lanes of query `query`, to be written in place; valid until the next `keep`. */
  query(query: number): Int16Array {
    const start = this.#queriesAt / 2 + query * this.lanes;
    return this.#lanesView.subarray(start, start + this.lanes);
  }

  setReach(query: number, { bar, lastLaneKept }: Reach): void {
    this.#numbersView[this.#barsAt / 4 + query] = bar;
    this.#lastLanesKept[query] = lastLaneKept;
  }

  /** Stores query `query` as kept sketch `number`. */
  keep(query: number, number: number): void {
    const panelBytes = panelRows * this.lanes * 2;
    const panelAt = this.#panelsAt + Math.floor(number / panelRows) * panelBytes;
    if (this.#memory.growTo(panelAt + panelBytes)) {
      this.#lanesView = new Int16Array(this.#memory.buffer);
      this.#numbersView = new Int32Array(this.#memory.buffer);
    }

    const from = this.#queriesAt / 2 + query * this.lanes;
    const to = panelAt / 2 + (number % panelRows) * 2;
    const lanes = this.#lanesView;
    for (let lane = 0; lane < this.lanes; lane += 2) {
      lanes[to + lane * panelRows] = lanes[from + lane] ?? 0;
      lanes[to + lane * panelRows + 1] = lanes[from + lane + 1] ?? 0;
    }
    lanes[to + (this.lanes - 2) * panelRows + 1] = this.#lastLanesKept[query] ?? 0;
  }

  /**
   * The pairs of the `active` queries and the kept sketches `first` (a multiple of `panelRows`) to `end` − 1, at most
   * `screenedRows`, whose product reaches the query's bar: query `pairs[2i]` and kept sketch `pairs[2i + 1]`.
   *
   * Sketches follow in groups of `panelRows`, in a group the queries in the order of `active`, for a query the sketches
   * in ascending order. The array is the caller's to overwrite, until the next call does.
   */
  screen(active: readonly number[], first: number, end: number): Int32Array {
    const slots = Math.ceil(active.length / 4) * 4;
    for (let slot = 0; slot < slots; slot++) {
      this.#numbersView[this.#activeAt / 4 + slot] = active[slot] ?? blockRows;
    }
    const count = this.#run(
      this.#panelsAt + first * this.lanes * 2,
      Math.ceil((end - first) / panelRows),
      this.lanes / 2,
      this.#queriesAt,
      this.#barsAt,
      this.#activeAt,
      slots,
      this.#hitsAt,
    );
    return this.#numberPairs(count, first, end);
  }

  /** The first `count` hits, with the kept sketches' own numbers, without what lies beyond `end` in the last panel. */
  #numberPairs(count: number, first: number, end: number): Int32Array {
    const pairs = this.#numbersView.subarray(this.#hitsAt / 4, this.#hitsAt / 4 + count * 2);
    let length = 0;
    for (let i = 0; i < pairs.length; i += 2) {
      const number = first + (pairs[i + 1] ?? 0);
      if (number >= end) continue;
      pairs[length] = pairs[i] ?? 0;
      pairs[length + 1] = number;
      length += 2;
    }
    return pairs.subarray(0, length);
  }
}
