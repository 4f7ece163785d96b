import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { principalBasis } from '../../../src/domain/dedup/basis.ts';
import { cosine } from '../../../src/domain/dedup/cosine.ts';
import { KeptVectors } from '../../../src/domain/dedup/kept.ts';
import { Kernel } from '../../../src/domain/dedup/kernel.ts';
import { learnBasis } from '../../../src/domain/dedup/pruning.ts';
import { largestSkew, Sketcher } from '../../../src/domain/dedup/sketch.ts';
import { plantedVectors, randomNumbers } from './planted-vectors.ts';

const kernel = new Kernel(readFileSync(new URL('../../../src/domain/dedup/kernel/kernel.wasm', import.meta.url)));

test('no pair that reaches the threshold stays below the bar, whole or pruned', () => {
  const cases = fc.record({
    seed: fc.integer(),
    dimension: fc.constantFrom(9, 16, 50),
    threshold: fc.constantFrom(0.85, 0.3, 0, -0.7, 1),
    pruned: fc.boolean(),
  });
  fc.assert(
    fc.property(cases, ({ seed, dimension, threshold, pruned }) => {
      const rows = 60;
      const vectors = plantedVectors(seed, rows, dimension, threshold);
      const basis = pruned ? principalBasis(kernel, gentle(vectors, dimension), dimension, 4) : undefined;
      const sketcher = new Sketcher(kernel, dimension, threshold, basis);
      const sketches = Array.from({ length: rows }, (_, row) => {
        const asQuery = new Int16Array(sketcher.lanes);
        const reach = sketcher.sketch(vectors.subarray(row * dimension, (row + 1) * dimension), asQuery);
        const asKept = Int16Array.from(asQuery);
        asKept[sketcher.lanes - 1] = reach.lastLaneKept;
        return { asQuery, asKept, bar: reach.bar };
      });
      const lost: number[][] = [];
      sketches.forEach(({ asQuery, bar }, a) => {
        sketches.forEach(({ asKept }, b) => {
          const product = asQuery.reduce((sum, lane, i) => sum + lane * (asKept[i] ?? 0), 0);
          const reached = cosine(vectors, a * dimension, vectors, b * dimension, dimension) >= threshold;
          if (Math.abs(product) >= 2 ** 31 || (reached && product < bar)) lost.push([a, b]);
        });
      });
      expect(lost).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test('vectors near a subspace are pruned, by a basis that is orthonormal', () => {
  const dimension = 96;
  const basis = learnBasis(kernel, keptVectors(nearSubspace(8, dimension, 300)), dimension, 0.95);
  expect(basis?.rows).toBe(8);
  expect(basis?.skew()).toBeLessThan(largestSkew);
});

test('vectors that no short prefix tells apart are not pruned', () => {
  const dimension = 96;
  expect(learnBasis(kernel, keptVectors(nearSubspace(8, dimension, 300)), dimension, 0.01)).toBeUndefined();
});

test('a sample of zeros, or of too large numbers, gives no basis', () => {
  const dimension = 96;
  expect(learnBasis(kernel, keptVectors(new Float32Array(dimension * 50)), dimension, 0.85)).toBeUndefined();
  expect(learnBasis(kernel, keptVectors(new Float32Array(dimension * 50).fill(3e38)), dimension, 0.85)).toBeUndefined();
});

function keptVectors(vectors: Float32Array): KeptVectors {
  const kept = new KeptVectors(kernel, 96);
  kept.push(vectors);
  return kept;
}

/** Unit vectors of which all but a hundredth lies in the first `rank` dimensions. */
function nearSubspace(rank: number, dimension: number, rows: number): Float32Array {
  const random = randomNumbers(5);
  const vectors = new Float32Array(rows * dimension);
  for (let row = 0; row < rows; row++) {
    const vector = Float64Array.from({ length: dimension }, (_, i) => (random() - 0.5) * (i < rank ? 1 : 0.01));
    const length = Math.hypot(...vector);
    vectors.set(
      vector.map(x => x / length),
      row * dimension,
    );
  }
  return vectors;
}

/** The vectors without those whose squares would drown the others in a basis. */
function gentle(vectors: Float32Array, dimension: number): Float32Array {
  const rows: number[] = [];
  for (let start = 0; start < vectors.length; start += dimension) {
    const vector = vectors.subarray(start, start + dimension);
    if (Math.hypot(...vector) < 2) rows.push(...vector);
  }
  return Float32Array.from(rows);
}
