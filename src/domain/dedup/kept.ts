import type { Kernel, KernelMemory } from './kernel.ts';

/** Vectors that can be in hand at once. */
export const blockRows = 256;

const slicePairs = 4096;

/**
 * The kept vectors, as they came, under their numbers 0, 1, 2 …; beside them a block of vectors in hand, and the rule's
 * cosines between all of these.
 */
export class KeptVectors {
  readonly #dimension: number;
  readonly #run: (...args: number[]) => number;
  readonly #memory: KernelMemory;
  readonly #pairsAt = 64;
  readonly #sumsAt = this.#pairsAt + slicePairs * 8;
  readonly #blockAt = this.#sumsAt + slicePairs * 8;
  readonly #keptAt: number;
  #components: Float32Array;
  #count = 0;

  constructor(kernel: Kernel, dimension: number) {
    this.#dimension = dimension;
    this.#keptAt = this.#blockAt + blockRows * dimension * 4;
    const { run, memory } = kernel.instantiate('cosines', this.#keptAt);
    this.#run = run;
    this.#memory = memory;
    this.#components = new Float32Array(memory.buffer);
  }

  get count(): number {
    return this.#count;
  }

  /** Takes the rows of `block`, at most `blockRows`, in hand. */
  hold(block: Float32Array): void {
    this.#components.set(block, this.#blockAt / 4);
  }

  /** Appends copies of the rows of `vectors`, under the numbers from the count on. */
  push(vectors: Float32Array): void {
    const at = this.#keptAt + this.#count * this.#dimension * 4;
    if (this.#memory.growTo(at + vectors.length * 4)) this.#components = new Float32Array(this.#memory.buffer);
    this.#components.set(vectors, at / 4);
    this.#count += vectors.length / this.#dimension;
  }

  /** The kept vector of number `number`; a view, valid until the next `push`, not to be written. */
  vector(number: number): Float32Array {
    const start = this.#keptAt / 4 + number * this.#dimension;
    return this.#components.subarray(start, start + this.#dimension);
  }

  /** The cosines of the block's rows `pairs[2i]` and the kept vectors `pairs[2i + 1]`, exactly as the rule sums them. */
  cosinesWithKept(pairs: Int32Array): Float64Array {
    return this.#cosines(pairs, this.#keptAt);
  }

  /** The cosines of the block's rows `pairs[2i]` and `pairs[2i + 1]`, exactly as the rule sums them. */
  cosinesWithin(pairs: Int32Array): Float64Array {
    return this.#cosines(pairs, this.#blockAt);
  }

  #cosines(pairs: Int32Array, otherAt: number): Float64Array {
    const numbers = new Int32Array(this.#memory.buffer, this.#pairsAt, slicePairs * 2);
    const sums = new Float64Array(this.#memory.buffer, this.#sumsAt, slicePairs);
    const cosines = new Float64Array(pairs.length / 2);
    for (let done = 0; done < cosines.length; done += slicePairs) {
      const count = Math.min(slicePairs, cosines.length - done);
      numbers.fill(0).set(pairs.subarray(2 * done, 2 * (done + count)));
      // By fours, where the last ones may be made up.
      const fours = Math.ceil(count / 4) * 4;
      this.#run(this.#blockAt, otherAt, this.#dimension, this.#pairsAt, fours, this.#sumsAt);
      cosines.set(sums.subarray(0, count), done);
    }
    return cosines;
  }
}
