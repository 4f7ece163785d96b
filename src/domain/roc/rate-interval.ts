import { betaQuantile } from './incomplete-beta.ts';

const tail = 0.025;
/** The normal quantile of 1 − tail. */
const z = 1.959963984540054;

/**
 * The exact 95 % interval of a rate of which `count` out of `total` were seen (C. J. Clopper, E. S. Pearson, The use of
 * confidence or fiducial limits illustrated in the case of the binomial, Biometrika 26, 1934): quantiles of beta
 * distributions. Exactly 0 below 0 of n, 1 above n of n, and [0, 1] where nothing was seen.
 */
export function rateInterval(count: number, total: number): [number, number] {
  if (total === 0) return [0, 1];
  return [lowerEnd(count, total), upperEnd(count, total)];
}

/** The upper end alone. */
export function upperEnd(count: number, total: number): number {
  return total === 0 ? 1 : 1 - lowerEnd(total - count, total);
}

function lowerEnd(count: number, total: number): number {
  if (count === 0) return 0;
  if (count === total) return tail ** (1 / total);
  return betaQuantile(tail, count, total - count + 1, wilsonLowerEnd(count, total));
}

/** The lower end of Wilson's interval: near, and the search starts there. */
function wilsonLowerEnd(count: number, total: number): number {
  const rate = count / total;
  const square = (z * z) / total;
  return (rate + square / 2 - z * Math.sqrt((rate * (1 - rate) + square / 4) / total)) / (1 + square);
}
