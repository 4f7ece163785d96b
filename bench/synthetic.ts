const topics = 500;
const duplicates = 0.4;

/**
 * Fills `vectors` with unit vectors of `dimension` like those of texts: around topics, longer along some directions
 * than along others, 40 % of them near duplicates (cosine about 0.95) of an earlier one. The same each time.
 */
export function fillSynthetic(vectors: Float32Array, dimension: number): void {
  const random = bellCurve(11);
  const uniform = lehmer(13);
  const spread = Float64Array.from({ length: dimension }, (_, i) => 1 / Math.sqrt(i + 4));
  const centres = Float64Array.from({ length: topics * dimension }, (_, i) => (spread[i % dimension] ?? 0) * random());
  const vector = new Float64Array(dimension);

  for (let start = 0; start < vectors.length; start += dimension) {
    const isDuplicate = start > 0 && uniform() < duplicates;
    const from = isDuplicate ? vectors : centres;
    const at = Math.floor(uniform() * (isDuplicate ? start / dimension : topics)) * dimension;
    const noise = isDuplicate ? 0.33 / Math.sqrt(dimension) : 1.2;
    let squares = 0;
    for (let i = 0; i < dimension; i++) {
      const x = (from[at + i] ?? 0) + noise * (isDuplicate ? 1 : (spread[i] ?? 0)) * random();
      vector[i] = x;
      squares += x * x;
    }
    const length = Math.sqrt(squares);
    for (let i = 0; i < dimension; i++) vectors[start + i] = (vector[i] ?? 0) / length;
  }
}

/** Numbers in 0..1 (Park & Miller 1988). */
function lehmer(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** About normal numbers of mean 0 and variance 1: a sum of uniform ones. */
function bellCurve(seed: number): () => number {
  const uniform = lehmer(seed);
  return () => (uniform() + uniform() + uniform() - 1.5) * 2;
}
