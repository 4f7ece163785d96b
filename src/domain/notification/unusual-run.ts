/** What of a run is held against those before it. */
export interface RunMeasure {
  /** Turns that were new to the dataset. */
  readonly turns: number;
  readonly kept: number;
}

/** How far a figure is outside its expected range, and that range. */
export interface Outlier {
  readonly what: 'turns' | 'kept share';
  readonly value: number;
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** Runs that are looked back at; with fewer than the least nothing is said. */
export const lookBack = { most: 10, least: 5 } as const;
/** Median absolute deviations that a figure may lie off. */
const deviations = 5;
/** What a figure may always lie off, however steady it was: an absolute part, and for the size one of the median. */
const slack = { share: 0.1, turns: 50, turnsOfMedian: 0.5 } as const;
/** With fewer turns a kept share says little: of such runs it is not looked at. */
const fewTurns = 20;

/**
 * In what a run is far outside its last ten: its number of new turns, or the share of them that was kept. Outside is more
 * than 5 median absolute deviations from their median, and more than a slack (turns: 50 and half the median; share: 0.1).
 * The median and its deviation (Hampel's identifier; F. R. Hampel, J. Am. Stat. Assoc. 69, 1974) bear up to half of the
 * runs being odd themselves.
 * @param earlier the runs before, in any order; of more than ten the last ones count
 */
export function outliersOf(run: RunMeasure, earlier: readonly RunMeasure[]): Outlier[] {
  const last = earlier.slice(-lookBack.most);
  const sizes = last.map(each => each.turns);
  const shares = last.filter(isTelling).map(shareOf);
  const turnsSlack = Math.max(slack.turns, slack.turnsOfMedian * median(sizes));
  return [
    ...outlier('turns', run.turns, sizes, turnsSlack),
    ...(isTelling(run) ? outlier('kept share', shareOf(run), shares, slack.share) : []),
  ];
}

const isTelling = ({ turns }: RunMeasure) => turns >= fewTurns;
const shareOf = ({ turns, kept }: RunMeasure) => kept / turns;

function outlier(what: Outlier['what'], value: number, earlier: readonly number[], least: number): Outlier[] {
  if (earlier.length < lookBack.least) return [];
  const middle = median(earlier);
  const reach = Math.max(least, deviations * median(earlier.map(each => Math.abs(each - middle))));
  if (Math.abs(value - middle) <= reach) return [];
  return [{ what, value, median: middle, least: Math.max(0, middle - reach), most: middle + reach }];
}

/** Of an even number the mean of the middle two; 0 of none. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? 0;
  return (lower + upper) / 2;
}
