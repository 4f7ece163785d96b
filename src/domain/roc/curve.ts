/**
 * A ROC curve as scikit-learn's `roc_curve` gives it: points of descending thresholds, from (0, 0) above every score to
 * (1, 1). A sample is accepted where its score is at least the threshold; equal scores are one point. Points between two
 * equal steps are left out (`drop_intermediate`).
 */
export interface Curve {
  /** The first is infinite, all others are scores. */
  readonly thresholds: Float64Array;
  readonly truePositives: Uint32Array;
  readonly falsePositives: Uint32Array;
  readonly tpr: Float64Array;
  readonly fpr: Float64Array;
  readonly positives: number;
  readonly negatives: number;
  /** How many samples the most frequent score has. */
  readonly mostOfOneScore: number;
}

/** @param positives, negatives scores in ascending order, at least one of each */
export function rocCurve(positives: Float64Array, negatives: Float64Array): Curve {
  const points = new Points();
  points.push(Number.POSITIVE_INFINITY, 0, 0);

  let score = 0;
  let tp = 0;
  let fp = 0;
  let tpBefore = 0;
  let fpBefore = 0;
  let isFirst = true;
  let mostOfOneScore = 0;
  let i = positives.length - 1;
  let j = negatives.length - 1;
  while (i >= 0 || j >= 0) {
    const positive = i >= 0 ? (positives[i] ?? 0) : Number.NEGATIVE_INFINITY;
    const negative = j >= 0 ? (negatives[j] ?? 0) : Number.NEGATIVE_INFINITY;
    const nextScore = Math.max(positive, negative);
    const iBefore = i;
    const jBefore = j;
    while (i >= 0 && positives[i] === nextScore) i--;
    while (j >= 0 && negatives[j] === nextScore) j--;
    const tpStep = iBefore - i;
    const fpStep = jBefore - j;
    if (tpStep + fpStep > mostOfOneScore) mostOfOneScore = tpStep + fpStep;

    // The point before this one stays where the step to it is not the step from it; the first point of all stays.
    const hasPoint = tp + fp > 0;
    if (hasPoint && (isFirst || tpStep !== tp - tpBefore || fpStep !== fp - fpBefore)) points.push(score, tp, fp);
    if (hasPoint) isFirst = false;
    tpBefore = tp;
    fpBefore = fp;
    tp += tpStep;
    fp += fpStep;
    score = nextScore;
  }
  points.push(score, tp, fp);
  return { ...points.cut(tp, fp), positives: tp, negatives: fp, mostOfOneScore };
}

class Points {
  #thresholds = new Float64Array(256);
  #truePositives = new Uint32Array(256);
  #falsePositives = new Uint32Array(256);
  #length = 0;

  push(threshold: number, truePositives: number, falsePositives: number): void {
    if (this.#length === this.#thresholds.length) this.#grow();
    this.#thresholds[this.#length] = threshold;
    this.#truePositives[this.#length] = truePositives;
    this.#falsePositives[this.#length] = falsePositives;
    this.#length++;
  }

  cut(positives: number, negatives: number) {
    const truePositives = this.#truePositives.subarray(0, this.#length);
    const falsePositives = this.#falsePositives.subarray(0, this.#length);
    return {
      thresholds: this.#thresholds.subarray(0, this.#length),
      truePositives,
      falsePositives,
      tpr: ratesOf(truePositives, positives),
      fpr: ratesOf(falsePositives, negatives),
    };
  }

  #grow(): void {
    const length = 2 * this.#thresholds.length;
    this.#thresholds = grown(this.#thresholds, new Float64Array(length));
    this.#truePositives = grown(this.#truePositives, new Uint32Array(length));
    this.#falsePositives = grown(this.#falsePositives, new Uint32Array(length));
  }
}

/** Not `Float64Array.from`, which is slow. */
function ratesOf(counts: Uint32Array, total: number): Float64Array {
  const rates = new Float64Array(counts.length);
  for (let i = 0; i < counts.length; i++) rates[i] = (counts[i] ?? 0) / total;
  return rates;
}

function grown<Numbers extends Float64Array | Uint32Array>(numbers: Numbers, larger: Numbers): Numbers {
  larger.set(numbers);
  return larger;
}
