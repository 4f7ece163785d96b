import type { Curve } from './curve.ts';

/**
 * The area under the curve by trapezoids. Terms and their sum are computed in numpy's order, so that the area equals
 * scikit-learn's `auc` to the last bit, and so do its 3 decimals where it lies on the edge between two.
 */
export function areaUnder({ fpr, tpr }: Curve): number {
  const terms = new Float64Array(fpr.length - 1);
  for (let i = 0; i < terms.length; i++) {
    const width = (fpr[i + 1] ?? 0) - (fpr[i] ?? 0);
    terms[i] = (width * ((tpr[i + 1] ?? 0) + (tpr[i] ?? 0))) / 2;
  }
  return pairwiseSum(terms, 0, terms.length);
}

/** numpy's sum of float64: halves down to 128 terms, which are summed in eight lanes. */
function pairwiseSum(terms: Float64Array, start: number, length: number): number {
  if (length > 128) {
    const half = (length >> 1) - ((length >> 1) % 8);
    return pairwiseSum(terms, start, half) + pairwiseSum(terms, start + half, length - half);
  }
  const inLanes = length < 8 ? 0 : length - (length % 8);
  let sum = 0;
  if (inLanes > 0) {
    const lanes = terms.slice(start, start + 8);
    for (let i = 8; i < inLanes; i++) lanes[i % 8] = (lanes[i % 8] ?? 0) + (terms[start + i] ?? 0);
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = lanes;
    sum = a + b + (c + d) + (e + f + (g + h));
  }
  for (let i = inLanes; i < length; i++) sum += terms[start + i] ?? 0;
  return sum;
}
