import type { Utterance } from './training-data.ts';

/** The platform refuses sets whose largest class has more than this many times the utterances of the smallest. */
export const highestImbalance = 3;

/** How many utterances each label has, in the order in which the labels occur. A label without any is not there. */
export function classCounts(utterances: readonly Utterance[]): Map<string, number> {
  return countBy(utterances, each => each.label);
}

/** How many of `items` have each key, in the order in which the keys occur. */
export function countBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

/** A label and how many utterances it has. */
export interface ClassSize {
  readonly label: string;
  readonly count: number;
}

/** The largest and the smallest of the classes that occur (of equals the first), and how many times larger one is. */
export interface ClassBalance {
  readonly largest: ClassSize;
  readonly smallest: ClassSize;
  readonly ratio: number;
}

/** `null` where there are no utterances. */
export function classBalance(utterances: readonly Utterance[]): ClassBalance | null {
  const sizes = [...classCounts(utterances)].map(([label, count]): ClassSize => ({ label, count }));
  const [first, ...others] = sizes;
  if (first === undefined) return null;
  const largest = others.reduce((best, each) => (each.count > best.count ? each : best), first);
  const smallest = others.reduce((best, each) => (each.count < best.count ? each : best), first);
  return { largest, smallest, ratio: largest.count / smallest.count };
}
