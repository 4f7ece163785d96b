/** Numbers in 0..1, the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * `rows` float32 vectors that are as awkward for a dedup at `threshold` as can be: about unit vectors, duplicates of
 * earlier ones, others whose cosine with an earlier one is the threshold but for the rounding of their components,
 * opposites, zeros, vectors on a coarse grid (whose cosines are exact) and such of other lengths.
 */
export function plantedVectors(seed: number, rows: number, dimension: number, threshold: number): Float32Array {
  const random = randomNumbers(seed);
  const vectors = new Float32Array(rows * dimension);
  const direction = () => unit(Float64Array.from({ length: dimension }, () => random() + random() + random() - 1.5));

  for (let row = 0; row < rows; row++) {
    const start = Math.floor(random() * row) * dimension;
    const earlier = Float64Array.from(vectors.subarray(start, start + dimension));
    const kind = random();
    let vector: Float64Array;
    if (row === 0 || kind < 0.3) vector = direction();
    else if (kind < 0.4) vector = earlier;
    else if (kind < 0.75) vector = atCosine(unit(earlier), direction(), threshold);
    else if (kind < 0.8) vector = earlier.map(x => -x);
    else if (kind < 0.83) vector = new Float64Array(dimension);
    else if (kind < 0.92) vector = Float64Array.from({ length: dimension }, () => Math.round(random() * 4 - 2) / 4);
    else vector = direction().map(x => x * (lengths[Math.floor(random() * lengths.length)] ?? 1));
    vectors.set(vector, row * dimension);
  }
  return vectors;
}

const lengths = [1e-20, 1e-3, 0.5, 1.399, 1.401, 3, 1e4, 1e18];

/** The unit vector in the plane of `a` and `b` that has about that cosine with `a`. */
function atCosine(a: Float64Array, b: Float64Array, cosine: number): Float64Array {
  const along = product(a, b);
  const across = unit(b.map((x, i) => x - along * (a[i] ?? 0)));
  const clamped = Math.min(1, Math.max(-1, cosine));
  return a.map((x, i) => clamped * x + Math.sqrt(1 - clamped * clamped) * (across[i] ?? 0));
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(product(vector, vector));
  return length === 0 ? vector : vector.map(x => x / length);
}

function product(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
}
