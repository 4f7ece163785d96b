import type { Kernel } from './kernel.ts';
import { Projector } from './projector.ts';

/** About orthonormal rows of `dimension` float64 components. */
export class Basis {
  readonly rows: number;
  readonly #components: Float64Array;
  readonly #dimension: number;

  constructor(components: Float64Array, dimension: number) {
    this.rows = components.length / dimension;
    this.#components = components;
    this.#dimension = dimension;
  }

  row(row: number): Float64Array {
    return this.#components.subarray(row * this.#dimension, (row + 1) * this.#dimension);
  }

  /** The first `rows` rows: the best basis of that size, since rows are ordered by the variance they explain. */
  first(rows: number): Basis {
    return new Basis(this.#components.subarray(0, rows * this.#dimension), this.#dimension);
  }

  /** An upper bound of ‖BBᵀ − 1‖ (Frobenius norm, with room for its own rounding); no number if a component is none. */
  skew(): number {
    let squares = 0;
    for (let a = 0; a < this.rows; a++) {
      for (let b = 0; b <= a; b++) {
        const off = product(this.row(a), this.row(b)) - (a === b ? 1 : 0);
        squares += off * off * (a === b ? 1 : 2);
      }
    }
    return Math.sqrt(squares) + this.rows * this.#dimension * Number.EPSILON;
  }
}

/**
 * The `rows` directions along which `sample` is longest in the mean of squares, the longest first: its principal
 * components without centring. By orthogonal iteration (Golub & Van Loan, Matrix Computations, §8.2.4), stopped early:
 * the nearer to the true ones, the better they prune, and nothing else depends on it. Deterministic.
 *
 * @param sample rows of `dimension` components
 */
export function principalBasis(kernel: Kernel, sample: Float32Array, dimension: number, rows: number): Basis {
  const moments = secondMoments(kernel, sample, dimension);
  const basis = new Basis(startingRows(rows, dimension), dimension);
  for (let round = 0; round < 2; round++) {
    for (let row = 0; row < rows; row++) {
      const once = Float64Array.from(moments.multiply(basis.row(row)));
      basis.row(row).set(moments.multiply(once));
    }
    orthonormalize(basis);
  }
  // Gram–Schmidt loses orthogonality where rows were nearly dependent; a second pass restores it.
  orthonormalize(basis);
  return basis;
}

/** Σ x xᵀ over the sample, as a matrix to multiply by. */
function secondMoments(kernel: Kernel, sample: Float32Array, dimension: number): Projector {
  const size = sample.length / dimension;
  const columns = new Projector(kernel, dimension, size);
  for (let i = 0; i < dimension; i++) {
    const column = columns.row(i);
    for (let row = 0; row < size; row++) column[row] = sample[row * dimension + i] ?? 0;
  }
  const moments = new Projector(kernel, dimension, dimension);
  for (let i = 0; i < dimension; i++) moments.row(i).set(columns.multiply(columns.row(i)));
  return moments;
}

/** Arbitrary numbers in −1..1, the same each time (Lehmer's generator: Park & Miller 1988). */
function startingRows(rows: number, dimension: number): Float64Array {
  let state = 1;
  return Float64Array.from({ length: rows * dimension }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return (2 * state) / 2_147_483_647 - 1;
  });
}

function orthonormalize(basis: Basis): void {
  for (let a = 0; a < basis.rows; a++) {
    const row = basis.row(a);
    for (let b = 0; b < a; b++) {
      const earlier = basis.row(b);
      const along = product(row, earlier);
      for (let i = 0; i < row.length; i++) row[i] = (row[i] ?? 0) - along * (earlier[i] ?? 0);
    }
    const length = Math.sqrt(product(row, row));
    for (let i = 0; i < row.length; i++) row[i] = (row[i] ?? 0) / length;
  }
}

/** In four sums side by side, since each addition would wait for the last one. */
function product(a: Float64Array, b: Float64Array): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < a.length; i += 4) {
    s0 += (a[i] ?? 0) * (b[i] ?? 0);
    s1 += (a[i + 1] ?? 0) * (b[i + 1] ?? 0);
    s2 += (a[i + 2] ?? 0) * (b[i + 2] ?? 0);
    s3 += (a[i + 3] ?? 0) * (b[i + 3] ?? 0);
  }
  for (; i < a.length; i++) s0 += (a[i] ?? 0) * (b[i] ?? 0);
  return s0 + s1 + s2 + s3;
}
