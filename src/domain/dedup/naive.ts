import { cosine } from './cosine.ts';
import { type Decisions, rowsOf } from './decisions.ts';
import { areEqual, isDuplicate } from './equal-vectors.ts';

/**
 * The rule, spelled out: a vector is kept iff its cosine with every vector kept before it (`seed` first, kept as it is)
 * is below `threshold` and, for a threshold of up to 1, none of these unit vectors is equal to it; a removed one names the first kept vector that reaches it. Quadratic: the reference that the
 * fast way is tested and measured against. `seed` and `vectors` are rows of `dimension` components.
 */
export function naiveDedup(
  vectors: Float32Array,
  options: { readonly dimension: number; readonly threshold: number; readonly seed?: Float32Array },
): Decisions {
  const { dimension, threshold, seed = new Float32Array(0) } = options;
  const rows = rowsOf(vectors, dimension);
  const decisions = { kept: new Uint8Array(rows), keeper: new Int32Array(rows), cosine: new Float64Array(rows) };
  const keptRows: number[] = [];
  const seeded = rowsOf(seed, dimension);

  for (let row = 0; row < rows; row++) {
    let keeper = -1;
    let reached = 1;
    for (let number = 0; number < seeded + keptRows.length; number++) {
      const other = number < seeded ? seed : vectors;
      const otherRow = number < seeded ? number : (keptRows[number - seeded] ?? 0);
      const value = cosine(vectors, row * dimension, other, otherRow * dimension, dimension);
      const isSame = () => areEqual(vectors, row * dimension, other, otherRow * dimension, dimension);
      if (isDuplicate(value, threshold, isSame)) {
        keeper = number;
        reached = Math.max(value, threshold);
        break;
      }
    }
    decisions.kept[row] = keeper === -1 ? 1 : 0;
    decisions.keeper[row] = keeper === -1 ? seeded + keptRows.length : keeper;
    decisions.cosine[row] = reached;
    if (keeper === -1) keptRows.push(row);
  }
  return decisions;
}
