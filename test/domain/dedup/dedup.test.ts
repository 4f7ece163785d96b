import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cosine } from '../../../src/domain/dedup/cosine.ts';
import type { Decisions } from '../../../src/domain/dedup/decisions.ts';
import { createDedup } from '../../../src/domain/dedup/dedup.ts';
import { naiveDedup } from '../../../src/domain/dedup/naive.ts';
import { plantedVectors } from './planted-vectors.ts';

const kernel = readFileSync(new URL('../../../src/domain/dedup/kernel/kernel.wasm', import.meta.url));

const dimensions = fc.constantFrom(1, 2, 3, 8, 13, 16, 41, 64, 128);
const thresholds = fc.oneof(
  fc.constantFrom(0.85, 0.85, 0.5, 0.75, 0.999999, 1, 0, -0.5, -1, 1.5, 1e30, -1e30, Infinity, -Infinity),
  fc.double({ min: 0, max: 1, noNaN: true }),
);
/** From how many kept vectors on a pruning basis is searched: never, at once, later. */
const learning = fc.constantFrom(Infinity, 1, 30, 200);
const seeds = fc.integer();

/** Distances of the threshold from the cosine of a pair. */
const offsets = fc.constantFrom(0, 1e-7, -1e-7, 1e-9, -1e-9, 1e-12, -1e-12, 2 ** -53, -(2 ** -53));

describe('decides as the plain rule does', () => {
  test('on awkward vectors', () => {
    const cases = fc.record({
      seed: seeds,
      dimension: dimensions,
      rows: fc.integer({ min: 0, max: 700 }),
      thresholds,
      learning,
    });
    fc.assert(
      fc.property(cases, ({ seed, dimension, rows, thresholds: threshold, learning: learnFrom }) => {
        const vectors = plantedVectors(seed, rows, dimension, threshold);
        const decisions = createDedup({ dimension, threshold, kernel, learnFrom }).decide(vectors);
        expect(decisions).toEqual(naiveDedup(vectors, { dimension, threshold }));
      }),
      { numRuns: 150 },
    );
  });

  test('with the threshold at a pair’s own cosine, or next to it', () => {
    const cases = fc.record({
      seed: seeds,
      dimension: dimensions,
      offset: offsets,
      learning,
      a: fc.nat(299),
      b: fc.nat(299),
    });
    fc.assert(
      fc.property(cases, ({ seed, dimension, offset, learning: learnFrom, a, b }) => {
        const vectors = plantedVectors(seed, 300, dimension, 0.85);
        const threshold = cosine(vectors, a * dimension, vectors, b * dimension, dimension) + offset;
        const decisions = createDedup({ dimension, threshold, kernel, learnFrom }).decide(vectors);
        expect(decisions).toEqual(naiveDedup(vectors, { dimension, threshold }));
      }),
      { numRuns: 150 },
    );
  });

  test('at the dimension of real vectors, pruned', () => {
    const [dimension, threshold] = [384, 0.85];
    const vectors = plantedVectors(1, 1500, dimension, threshold);
    const decisions = createDedup({ dimension, threshold, kernel, learnFrom: 100 }).decide(vectors);
    expect(decisions).toEqual(naiveDedup(vectors, { dimension, threshold }));
  });

  test('beyond what one screening takes, where kept ones duplicate each other', () => {
    const [dimension, threshold] = [16, 0.9];
    const seed = plantedVectors(2, 5000, dimension, threshold);
    const vectors = plantedVectors(3, 600, dimension, threshold);
    for (const learnFrom of [Infinity, 1000]) {
      const dedup = createDedup({ dimension, threshold, kernel, learnFrom });
      dedup.seed(seed);
      expect(dedup.decide(vectors)).toEqual(naiveDedup(vectors, { dimension, threshold, seed }));
    }
  });

  test('on components that are no finite numbers', () => {
    const vectors = Float32Array.of(1, 0, NaN, 0, 1, 0, Infinity, 0, 0, 1, Infinity, 0, 1, 0);
    const decisions = createDedup({ dimension: 2, threshold: 0.85, kernel }).decide(vectors);
    expect(decisions).toEqual(naiveDedup(vectors, { dimension: 2, threshold: 0.85 }));
  });
});

test('several calls, seeds between them, decide as one sequence', () => {
  const cuts = fc.array(fc.record({ rows: fc.integer({ min: 0, max: 300 }), seeded: fc.boolean() }), { maxLength: 6 });
  fc.assert(
    fc.property(seeds, dimensions, learning, cuts, (seed, dimension, learnFrom, parts) => {
      const threshold = 0.85;
      const total = parts.reduce((sum, { rows }) => sum + rows, 0);
      const vectors = plantedVectors(seed, total, dimension, threshold);
      const dedup = createDedup({ dimension, threshold, kernel, learnFrom });
      const kept: number[] = [];
      let start = 0;
      for (const { rows, seeded } of parts) {
        const part = vectors.subarray(start * dimension, (start + rows) * dimension);
        if (seeded) {
          dedup.seed(part);
          for (let row = 0; row < rows; row++) kept.push(start + row);
        } else {
          const before = rowsAt(vectors, kept, dimension);
          const decisions = dedup.decide(part);
          expect(decisions).toEqual(naiveDedup(part, { dimension, threshold, seed: before }));
          decisions.kept.forEach((isKept, row) => {
            if (isKept === 1) kept.push(start + row);
          });
        }
        expect(dedup.count).toBe(kept.length);
        start += rows;
      }
    }),
    { numRuns: 80 },
  );
});

test('a removed vector names the first kept one that it duplicates, even where a later one is nearer', () => {
  const vectors = Float32Array.of(1, 0, 0, 1, 0.75, 0.5);
  const {
    kept,
    keeper,
    cosine: cosines,
  }: Decisions = createDedup({ dimension: 2, threshold: 0.5, kernel }).decide(vectors);
  expect([...kept]).toEqual([1, 1, 0]);
  expect([...keeper]).toEqual([0, 1, 0]);
  expect([...cosines]).toEqual([1, 1, 0.75]);
});

test('a cosine that equals the threshold removes', () => {
  const vectors = Float32Array.of(1, 0, 0.75, 0.5);
  expect([...createDedup({ dimension: 2, threshold: 0.75, kernel }).decide(vectors).kept]).toEqual([1, 0]);
  expect([...createDedup({ dimension: 2, threshold: 0.75 + 2 ** -53, kernel }).decide(vectors).kept]).toEqual([1, 1]);
});

test('equal unit vectors are duplicates at any threshold up to 1, whatever their rounding', () => {
  const dimension = 384;
  const base = plantedVectors(11, 40, dimension, 0.85);
  const units = base.map((_, at) => {
    const row = base.subarray(at - (at % dimension), at - (at % dimension) + dimension);
    return (base[at] ?? 0) / Math.hypot(...row);
  });
  const rows = new Map<string, Float32Array>();
  for (let at = 0; at < units.length; at += dimension) {
    const row = units.slice(at, at + dimension);
    rows.set(row.join(), row);
  }
  const distinct = [...rows.values()];
  const selfCosines = distinct.map(row => cosine(row, 0, row, 0, dimension));
  expect(selfCosines.some(value => value < 1)).toBe(true);
  const vectors = Float32Array.from([...distinct, ...distinct, ...distinct].flatMap(row => [...row]));
  for (const learnFrom of [Infinity, 10]) {
    const { kept } = createDedup({ dimension, threshold: 1, kernel, learnFrom }).decide(vectors);
    expect([...kept]).toEqual([...distinct.map(() => 1), ...distinct.map(() => 0), ...distinct.map(() => 0)]);
  }
});

test('what is removed removes nothing', () => {
  // The second is near the first, the third near the second only.
  const vectors = Float32Array.of(1, 0, 0.8, 0.6, 0.28, 0.96);
  expect([...createDedup({ dimension: 2, threshold: 0.75, kernel }).decide(vectors).kept]).toEqual([1, 0, 1]);
});

test('the caller’s vectors may change after a call', () => {
  const dedup = createDedup({ dimension: 2, threshold: 0.85, kernel });
  const vectors = Float32Array.of(1, 0);
  dedup.decide(vectors);
  vectors.fill(0);
  expect([...dedup.decide(Float32Array.of(1, 0)).kept]).toEqual([0]);
});

test('refuses what is no whole number of vectors, and changes nothing', () => {
  const dedup = createDedup({ dimension: 3, threshold: 0.85, kernel });
  expect(() => dedup.seed(new Float32Array(4))).toThrow(RangeError);
  expect(() => dedup.decide(new Float32Array(4))).toThrow(RangeError);
  expect(dedup.count).toBe(0);
});

test.each([0, -1, 1.5, 4097, NaN])('refuses dimension %s', dimension => {
  expect(() => createDedup({ dimension, threshold: 0.85, kernel })).toThrow(RangeError);
});

test('refuses a threshold that is not a number', () => {
  expect(() => createDedup({ dimension: 3, threshold: NaN, kernel })).toThrow(RangeError);
});

function rowsAt(vectors: Float32Array, rows: readonly number[], dimension: number): Float32Array {
  const picked = new Float32Array(rows.length * dimension);
  rows.forEach((row, i) => {
    picked.set(vectors.subarray(row * dimension, (row + 1) * dimension), i * dimension);
  });
  return picked;
}
