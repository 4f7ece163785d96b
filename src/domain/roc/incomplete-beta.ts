/**
 * The regularized incomplete beta function I_x(a, b) for whole a, b ≥ 1, and its inverse, by the continued fraction of
 * DLMF §8.17(v). Its factor x^a (1 − x)^b / B(a, b) is a binomial probability, computed by the saddle-point expansion of
 * C. Loader, Fast and Accurate Computation of Binomial Probabilities (2000), which stays exact where differences of
 * log-gammas of large counts would not.
 */

/** The x at which the lower tail I_x(a, b) has this probability: a quantile of the beta distribution. */
export function betaQuantile(probability: number, a: number, b: number, guess: number): number {
  // Newton on the logarithm of the tail, which is concave, kept between bounds that hold the root.
  let [low, high] = [0, 1];
  let x = guess > 0 && guess < 1 ? guess : a / (a + b);
  for (let step = 0; step < 200; step++) {
    const { lower, factor } = tails(a, b, x);
    if (lower > probability) high = x;
    else low = x;
    const slope = factor / (x * (1 - x)) / lower;
    let next = x - (Math.log(lower) - Math.log(probability)) / slope;
    // Each step doubles the digits: after one as small as this they are all there.
    if (Math.abs(next - x) <= 1e-12 * x) return next;
    if (!(next > low && next < high)) next = (low + high) / 2;
    x = next;
  }
  return x;
}

function tails(a: number, b: number, x: number): { lower: number; factor: number } {
  const factor = ((a * b) / (a + b)) * binomialProbability(a, a + b, x);
  const lower = x < (a + 1) / (a + b + 2) ? (factor * fraction(a, b, x)) / a : 1 - (factor * fraction(b, a, 1 - x)) / b;
  return { lower, factor };
}

/** The continued fraction by the modified method of Lentz. */
function fraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return value;
}

/** The probability of k successes out of n, each of probability p; 0 < k < n. */
function binomialProbability(k: number, n: number, p: number): number {
  const exponent =
    stirlingError(n) - stirlingError(k) - stirlingError(n - k) - deviance(k, n * p) - deviance(n - k, n * (1 - p));
  return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * k * (n - k)));
}

/** ln n! minus Stirling's approximation of it. */
function stirlingError(n: number): number {
  if (n < smallErrors.length) return smallErrors[n] ?? 0;
  const n2 = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / n2) / n2) / n2) / n2) / n;
}

const smallErrors = Array.from({ length: 16 }, (_, n) => {
  let factorial = 1;
  for (let i = 2; i <= n; i++) factorial *= i;
  return n === 0 ? 0 : Math.log(factorial) - (Math.log(2 * Math.PI * n) / 2 + n * Math.log(n) - n);
});

/** k ln(k / m) + m − k, without cancellation where k is near m. */
function deviance(k: number, m: number): number {
  if (Math.abs(k - m) >= 0.1 * (k + m)) return k * Math.log(k / m) + m - k;
  const v = (k - m) / (k + m);
  let sum = (k - m) * v;
  let term = 2 * k * v;
  for (let j = 1; j < 1000; j++) {
    term *= v * v;
    const next = sum + term / (2 * j + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}
