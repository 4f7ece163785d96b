import { type Decisions, rowsOf } from './decisions.ts';
import { blockRows, KeptVectors } from './kept.ts';
import { Kernel } from './kernel.ts';
import { learnBasis } from './pruning.ts';
import { panelRows, Screener, screenedRows } from './screener.ts';
import { largestDimension, Sketcher } from './sketch.ts';

/** How a dedup is set up. */
export interface DedupOptions {
  /** Components of a vector: 1 to 4096. */
  readonly dimension: number;
  /** A vector whose cosine with a kept one is this or more is removed. */
  readonly threshold: number;
  /** The bytes of `kernel/kernel.wasm`. */
  readonly kernel: Uint8Array;
  /**
   * How many kept vectors the first search for a pruning basis waits for (2048; `Infinity`: none is searched). It changes
   * the time that decisions take, never the decisions.
   */
  readonly learnFrom?: number;
}

/**
 * The exact greedy rule: vectors come in order, and one is kept iff its cosine with every vector kept before it is below
 * the threshold. The cosine is the plain product of the float32 components, summed in index order in float64: for
 * unit vectors the cosine, and exact for any other finite ones too (though slow where many are longer than 1.4).
 * Kept vectors are numbered 0, 1, 2 … in order. Memory grows with the number kept, of which 4 GiB hold at most: 2.7
 * million of 384 dimensions.
 */
export interface Dedup {
  /** How many vectors are kept. */
  readonly count: number;
  /** Appends vectors that are already kept, n × dimension, whatever their cosines. They are copied. */
  seed(vectors: Float32Array): void;
  /** Decides the next vectors, n × dimension, in order. Many calls decide as one does. */
  decide(vectors: Float32Array): Decisions;
}

/** @throws {RangeError} on a dimension or threshold out of range */
export function createDedup(options: DedupOptions): Dedup {
  return new GreedyDedup(options);
}

const undecided = -1;

class GreedyDedup implements Dedup {
  readonly #dimension: number;
  readonly #threshold: number;
  readonly #kernel: Kernel;
  readonly #kept: KeptVectors;
  #sketcher: Sketcher;
  #screener: Screener;
  #learnAt: number;

  constructor({ dimension, threshold, kernel, learnFrom = 2048 }: DedupOptions) {
    if (!Number.isInteger(dimension) || dimension < 1 || dimension > largestDimension) {
      throw new RangeError(`dimension is ${dimension}: it must be a whole number from 1 to ${largestDimension}`);
    }
    if (Number.isNaN(threshold)) throw new RangeError('threshold is not a number');
    this.#dimension = dimension;
    this.#threshold = threshold;
    this.#kernel = new Kernel(kernel);
    this.#kept = new KeptVectors(this.#kernel, dimension);
    this.#sketcher = new Sketcher(this.#kernel, dimension, threshold);
    this.#screener = new Screener(this.#kernel, this.#sketcher.lanes);
    this.#learnAt = learnFrom;
  }

  get count(): number {
    return this.#kept.count;
  }

  seed(vectors: Float32Array): void {
    rowsOf(vectors, this.#dimension);
    const first = this.#kept.count;
    this.#kept.push(vectors);
    if (!this.#learnIfDue()) this.#sketchKept(first);
  }

  decide(vectors: Float32Array): Decisions {
    const rows = rowsOf(vectors, this.#dimension);
    const decisions = {
      kept: new Uint8Array(rows),
      keeper: new Int32Array(rows).fill(undecided),
      cosine: new Float64Array(rows).fill(1),
    };
    for (let first = 0; first < rows; first += blockRows) {
      const end = Math.min(rows, first + blockRows);
      const block = {
        vectors: vectors.subarray(first * this.#dimension, end * this.#dimension),
        kept: decisions.kept.subarray(first, end),
        keeper: decisions.keeper.subarray(first, end),
        cosine: decisions.cosine.subarray(first, end),
      };
      this.#decideBlock(block);
    }
    return decisions;
  }

  #decideBlock(block: Block): void {
    this.#kept.hold(block.vectors);
    for (let query = 0; query < block.keeper.length; query++) {
      this.#sketchQuery(query, this.#vectorOf(block.vectors, query));
    }
    let open = [...block.keeper.keys()];
    for (let first = 0; first < this.#kept.count && open.length > 0; first += screenedRows) {
      this.#compareWithKept(block, open, first);
      open = open.filter(query => block.keeper[query] === undecided);
    }
    this.#compareWithin(block, open);
    this.#keepRest(block, open);
    this.#learnIfDue();
  }

  /** Compares the `open` queries with the kept vectors from number `first` on, as many as one screening takes. */
  #compareWithKept(block: Block, open: readonly number[], first: number): void {
    const pairs = this.#screener.screen(open, first, Math.min(this.#kept.count, first + screenedRows));
    const values = this.#kept.cosinesWithKept(pairs);
    for (let i = 0; i < values.length; i++) {
      const row = pairs[2 * i] ?? 0;
      const number = pairs[2 * i + 1] ?? 0;
      const value = values[i] ?? 0;
      // A row's pairs ascend, so the first that counts is the first kept vector that it duplicates.
      if (block.keeper[row] === undecided && value >= this.#threshold) {
        block.keeper[row] = number;
        block.cosine[row] = value;
      }
    }
  }

  /**
   * Compares the `open` queries with those of them that come before and are kept. All count as kept at first.
   * Their pairs come by groups of these stand-ins, then by query: so whatever could remove a vector is seen before any
   * pair that compares a later vector with it, and it is known by then whether it is kept.
   *
   * Leaves in `keeper` the encoded row of the keeper, whose number is not known yet.
   */
  #compareWithin(block: Block, open: readonly number[]): void {
    const base = this.#kept.count;
    open.forEach((row, i) => {
      this.#screener.keep(row, base + i);
    });
    const pairs = this.#screener.screen(open, base - (base % panelRows), base + open.length);
    const ordered = pairsOfRows(pairs, open, base);
    const values = this.#kept.cosinesWithin(ordered);
    for (let i = 0; i < values.length; i++) {
      const row = ordered[2 * i] ?? 0;
      const earlier = ordered[2 * i + 1] ?? 0;
      const value = values[i] ?? 0;
      const bothOpen = block.keeper[row] === undecided && block.keeper[earlier] === undecided;
      if (bothOpen && value >= this.#threshold) {
        block.keeper[row] = encodedRow(earlier);
        block.cosine[row] = value;
      }
    }
  }

  /** Keeps those of the `open` queries that are still undecided, and gives the others their keepers' numbers. */
  #keepRest(block: Block, open: readonly number[]): void {
    for (const row of open) {
      const keeper = block.keeper[row] ?? undecided;
      if (keeper === undecided) {
        block.kept[row] = 1;
        block.keeper[row] = this.#kept.count;
        this.#screener.keep(row, this.#kept.count);
        this.#kept.push(this.#vectorOf(block.vectors, row));
      } else {
        block.keeper[row] = block.keeper[encodedRow(keeper)] ?? undecided;
      }
    }
  }

  #vectorOf(vectors: Float32Array, row: number): Float32Array {
    return vectors.subarray(row * this.#dimension, (row + 1) * this.#dimension);
  }

  #sketchQuery(query: number, vector: Float32Array): void {
    this.#screener.setReach(query, this.#sketcher.sketch(vector, this.#screener.query(query)));
  }

  #sketchKept(first: number): void {
    for (let number = first; number < this.#kept.count; number++) {
      this.#sketchQuery(0, this.#kept.vector(number));
      this.#screener.keep(0, number);
    }
  }

  /** Searches a pruning basis each time the kept vectors have grown eightfold: what comes later may lie elsewhere. */
  #learnIfDue(): boolean {
    if (this.#kept.count < this.#learnAt) return false;
    this.#learnAt = this.#kept.count * 8;
    const basis = learnBasis(this.#kernel, this.#kept, this.#dimension, this.#threshold);
    this.#sketcher = new Sketcher(this.#kernel, this.#dimension, this.#threshold, basis);
    this.#screener = new Screener(this.#kernel, this.#sketcher.lanes);
    this.#sketchKept(0);
    return true;
  }
}

/** Up to `blockRows` vectors and their decisions. */
interface Block {
  readonly vectors: Float32Array;
  readonly kept: Uint8Array;
  readonly keeper: Int32Array;
  readonly cosine: Float64Array;
}

/** A row of the block in place of a number, told from one (and from `undecided`) by its sign; its own inverse. */
function encodedRow(row: number): number {
  return -2 - row;
}

/**
 * Of the `pairs` of a row and a stand-in, numbered from `base` on in the order of `open`, those of a row and an earlier
 * row, in place.
 */
function pairsOfRows(pairs: Int32Array, open: readonly number[], base: number): Int32Array {
  let end = 0;
  for (let i = 0; i < pairs.length; i += 2) {
    const row = pairs[i] ?? 0;
    const earlier = open[(pairs[i + 1] ?? 0) - base];
    if (earlier === undefined || earlier >= row) continue;
    pairs[end] = row;
    pairs[end + 1] = earlier;
    end += 2;
  }
  return pairs.subarray(0, end);
}
