import type { Basis } from './basis.ts';
import type { Kernel } from './kernel.ts';
import { Projector } from './projector.ts';

/*
 * A sketch is a short row of integers whose product with another sketch bounds the cosine from above. A pair whose
 * product stays below the bar is proved to be no duplicate; every other pair is computed in float64 on the vectors
 * themselves, so a loose bound costs time and never a result. Why no duplicate stays below the bar:
 *
 * Let ‖x‖, ‖k‖ ≤ L, ⟨x, k⟩ their true product, F the cosine of the rule (float64, index order), n ≤ 4096 the dimension,
 * B the P × n basis, δ ≥ ‖BBᵀ − 1‖ (δ ≤ 10⁻⁹, or the basis is not used), y = Bx, Π the exact orthogonal projection onto
 * the rows of B.
 *
 * 1. Split: ⟨x, k⟩ = ⟨Πx, Πk⟩ + ⟨x − Πx, k − Πk⟩ ≤ ⟨Πx, Πk⟩ + ρₓρₖ for any ρₓ ≥ ‖x − Πx‖, ρₖ ≥ ‖k − Πk‖
 *    (Cauchy–Schwarz). And ⟨Πx, Πk⟩ = yₓᵀ(BBᵀ)⁻¹yₖ ≤ ⟨yₓ, yₖ⟩ + 2δL² for so small a δ.
 *    So with aₓ = (yₓ, ρₓ), aₖ likewise: ⟨x, k⟩ ≤ ⟨aₓ, aₖ⟩ + 2δL². Without a basis a = x, and ⟨x, k⟩ = ⟨aₓ, aₖ⟩.
 * 2. Rounding: s = round(Sa), d = a − s/S. Each component of d is at most 1/2S, so ‖d‖ ≤ ε = √w / 2S for w components.
 *    ⟨aₓ, aₖ⟩ = ⟨sₓ, sₖ⟩/S² + ⟨dₓ, aₖ⟩ + ⟨sₓ/S, dₖ⟩ ≤ ⟨sₓ, sₖ⟩/S² + ε‖aₖ‖ + (‖aₓ‖ + ε)ε ≤ ⟨sₓ, sₖ⟩/S² + ε(2L + ε).
 * 3. Float64, unit roundoff u = 2⁻⁵³, γ = nu/(1 − nu) < 5 · 10⁻¹³ (Higham, Accuracy and Stability of Numerical
 *    Algorithms, §3.1; the bound holds for any order of summation):
 *    |F − ⟨x, k⟩| ≤ γL² < 10⁻¹² (products of float32 are exact in float64); the computed y is off by at most
 *    √P γ(1 + δ)L < 5 · 10⁻¹¹; ρ is the root of the computed ‖x‖² − ‖y‖² plus 10⁻⁸, where
 *    ‖x − Πx‖² ≤ ‖x‖² − ‖y‖² + 2δL² and the difference is computed to 2 · 10⁻¹⁰, so ρ ≥ ‖x − Πx‖; and
 *    ‖a‖ ≤ L + 10⁻⁸, where ‖x‖ ≤ L is judged to 10⁻¹². Together with the 2δL² of step 1 these add less than 10⁻⁸ to the
 *    bound: 10⁻⁷ is allowed for them.
 *
 * Hence F ≥ t implies ⟨sₓ, sₖ⟩ ≥ S²(t − ε(2L + ε) − 10⁻⁷) ≥ bar, its floor.
 *
 * No lane and no sum overflows: ‖s‖ ≤ S(L + 10⁻⁸) + √w/2 < 32,300 for L = 1.4, S = 23,000, so lanes fit int16, and any
 * part of the sum is at most ‖sₓ‖‖sₖ‖ < 2³⁰ (Cauchy–Schwarz over that part).
 *
 * Vectors longer than L (and those with a component that is not a number) are never pruned: as a query they get a bar that
 * every product reaches, and the last lane, which is 0 for all other kept sketches and `lift` for all queries, is `lift`
 * for them when kept. That makes their product lift², which no bar exceeds.
 */

/** L and S of the proof above. */
const longest = 1.4;
const scale = 23_000;

/** The largest δ with which a basis may be used. */
export const largestSkew = 1e-9;

/** The largest dimension for which the rounding errors are bounded above. */
export const largestDimension = 4096;

const lift = 32_767;
const lowestBar = -0x80000000;

/** What a sketched vector's products are compared with as a query, and what its last lane is once kept. */
export interface Reach {
  readonly bar: number;
  readonly lastLaneKept: number;
}

const reachesAll: Reach = { bar: lowestBar, lastLaneKept: lift };

/** Sketches vectors of one dimension for one threshold: whole, or by their coordinates in a basis and the length of the rest. */
export class Sketcher {
  /** Lanes of a sketch; even. */
  readonly lanes: number;
  readonly #projector: Projector | undefined;
  readonly #ordinary: Reach;

  constructor(kernel: Kernel, dimension: number, threshold: number, basis?: Basis) {
    const rounded = basis === undefined ? dimension : basis.rows + 1;
    this.lanes = Math.ceil((rounded + 1) / 2) * 2;
    this.#ordinary = { bar: barOf(threshold, rounded), lastLaneKept: 0 };
    if (basis !== undefined) {
      this.#projector = new Projector(kernel, basis.rows, dimension);
      for (let row = 0; row < basis.rows; row++) this.#projector.row(row).set(basis.row(row));
    }
  }

  /** Writes the sketch of `vector`, in its form as a query, into `lanes`. */
  sketch(vector: Float32Array, lanes: Int16Array): Reach {
    lanes.fill(0);
    lanes[this.lanes - 1] = lift;

    const squares = sumOfSquares(vector);
    // Not `>`: a length that is not a number is long, too.
    if (!(squares <= longest * longest)) return reachesAll;

    if (this.#projector === undefined) {
      for (let i = 0; i < vector.length; i++) lanes[i] = Math.round((vector[i] ?? 0) * scale);
    } else {
      const coordinates = this.#projector.multiply(vector);
      const rest = Math.sqrt(Math.max(0, squares - sumOfSquares(coordinates)) + 1e-8);
      for (let i = 0; i < coordinates.length; i++) lanes[i] = Math.round((coordinates[i] ?? 0) * scale);
      lanes[coordinates.length] = Math.round(rest * scale);
    }
    return this.#ordinary;
  }
}

function barOf(threshold: number, rounded: number): number {
  const error = Math.sqrt(rounded) / (2 * scale);
  const bar = Math.floor(scale * scale * (threshold - error * (2 * longest + error) - 1e-7));
  return Math.min(Math.max(bar, lowestBar), lift * lift);
}

function sumOfSquares(vector: Float32Array | Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += (vector[i] ?? 0) * (vector[i] ?? 0);
  return sum;
}
