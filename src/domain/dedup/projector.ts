import type { Kernel } from './kernel.ts';

/** Multiplies vectors by one matrix of float64, on SIMD lanes. */
export class Projector {
  readonly #matrix: Float64Array;
  readonly #vector: Float64Array;
  readonly #product: Float64Array;
  readonly #run: () => void;
  readonly #width: number;
  readonly #paddedWidth: number;

  /** For a matrix of `rows` × `width`, at first all zero. */
  constructor(kernel: Kernel, rows: number, width: number) {
    // The kernel takes rows by fours and components by twos; the padding stays zero.
    const paddedRows = Math.ceil(rows / 4) * 4;
    const paddedWidth = Math.ceil(width / 2) * 2;
    const vectorAt = 64;
    const productAt = vectorAt + paddedWidth * 8;
    const matrixAt = productAt + paddedRows * 8;
    const { run, memory } = kernel.instantiate('project', matrixAt + paddedRows * paddedWidth * 8);

    this.#width = width;
    this.#paddedWidth = paddedWidth;
    this.#vector = new Float64Array(memory.buffer, vectorAt, width);
    this.#product = new Float64Array(memory.buffer, productAt, rows);
    this.#matrix = new Float64Array(memory.buffer, matrixAt, rows * paddedWidth);
    this.#run = () => void run(vectorAt, matrixAt, paddedRows, paddedWidth, productAt);
  }

  /** Row `row` of the matrix, to be written in place. */
  row(row: number): Float64Array {
    return this.#matrix.subarray(row * this.#paddedWidth, row * this.#paddedWidth + this.#width);
  }

  /** The products of all rows with `vector`, summed in no stated order. The array is reused by the next call. */
  multiply(vector: Float32Array | Float64Array): Float64Array {
    this.#vector.set(vector);
    this.#run();
    return this.#product;
  }
}
