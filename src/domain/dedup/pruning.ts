import { type Basis, principalBasis } from './basis.ts';
import type { KeptVectors } from './kept.ts';
import type { Kernel } from './kernel.ts';
import { Projector } from './projector.ts';
import { largestSkew } from './sketch.ts';

const sampleRows = 1024;
const triedRows = 32;

/**
 * What an exact check costs, in lanes of a screened pair: measured, and doubled, as vectors that will be removed are near
 * to more than kept ones are. Only speed depends on it.
 */
const checkCost = 10_000;

/**
 * The basis by whose coordinates the kept vectors are best told apart, or nothing where whole sketches are cheaper: it
 * tries prefixes of a sample's principal components, and counts the pairs of the sample that each leaves to be checked.
 */
export function learnBasis(kernel: Kernel, kept: KeptVectors, dimension: number, threshold: number): Basis | undefined {
  const sizes = [12, 8, 6, 4].map(share => Math.ceil(dimension / share / 4) * 4).filter(rows => rows < dimension / 2);
  const largest = sizes.at(-1);
  if (largest === undefined) return undefined;

  const sample = sampleOf(kept, dimension);
  const basis = principalBasis(kernel, sample, dimension, largest);
  // Also when it is not a number. A basis' first rows are no more skewed than all.
  if (!(basis.skew() <= largestSkew)) return undefined;

  const survivors = survivingShares(kernel, basis, sample, dimension, threshold, sizes);
  let best: Basis | undefined;
  let bestCost = dimension;
  sizes.forEach((rows, i) => {
    const cost = rows + (survivors[i] ?? 1) * checkCost;
    if (cost < bestCost) {
      best = basis.first(rows);
      bestCost = cost;
    }
  });
  return best;
}

function sampleOf(kept: KeptVectors, dimension: number): Float32Array {
  const rows = Math.min(sampleRows, kept.count);
  const sample = new Float32Array(rows * dimension);
  for (let row = 0; row < rows; row++) {
    const number = Math.floor((row * kept.count) / rows);
    sample.set(kept.vector(number), row * dimension);
  }
  return sample;
}

/** For each size, the share of the sample's pairs that the bound by that many first coordinates does not rule out. */
function survivingShares(
  kernel: Kernel,
  basis: Basis,
  sample: Float32Array,
  dimension: number,
  threshold: number,
  sizes: readonly number[],
): number[] {
  const rows = sample.length / dimension;
  const tried = Math.min(triedRows, rows);
  const coordinates = coordinatesOf(kernel, basis, sample, dimension);
  const survivors = sizes.map(() => 0);
  let pairs = 0;
  for (let t = 0; t < tried; t++) {
    const a = coordinates[Math.floor((t * rows) / tried)];
    for (const b of coordinates) {
      if (a === undefined || a === b) continue;
      pairs++;
      let product = 0;
      let from = 0;
      sizes.forEach((size, i) => {
        for (; from < size; from++) product += (a.along[from] ?? 0) * (b.along[from] ?? 0);
        if (product + (a.rest[size] ?? 0) * (b.rest[size] ?? 0) >= threshold) survivors[i] = (survivors[i] ?? 0) + 1;
      });
    }
  }
  return survivors.map(count => count / Math.max(1, pairs));
}

interface Coordinates {
  readonly along: Float64Array;
  /** For each number of first coordinates the length of what they leave of the vector. */
  readonly rest: Float64Array;
}

function coordinatesOf(kernel: Kernel, basis: Basis, sample: Float32Array, dimension: number): Coordinates[] {
  const projector = new Projector(kernel, basis.rows, dimension);
  for (let row = 0; row < basis.rows; row++) projector.row(row).set(basis.row(row));

  return Array.from({ length: sample.length / dimension }, (_, row) => {
    const vector = sample.subarray(row * dimension, (row + 1) * dimension);
    const along = Float64Array.from(projector.multiply(vector));
    const rest = new Float64Array(basis.rows + 1);
    let left = vector.reduce((sum, x) => sum + x * x, 0);
    for (let size = 0; size <= basis.rows; size++) {
      rest[size] = Math.sqrt(Math.max(0, left));
      left -= (along[size] ?? 0) ** 2;
    }
    return { along, rest };
  });
}
