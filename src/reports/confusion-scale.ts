/** Colours from the palest to the strongest: this many. */
export const steps = 7;

/** Where colours change, as parts of the highest value: narrow at the low end, where mistakes lie. */
const parts = [0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 1] as const;

/** Which colour a value has. */
export interface ColourScale {
  /** The highest value of each colour, ascending; the last is the highest of all. */
  readonly bounds: readonly number[];
  /** 1 to `steps`; 0 for nothing. */
  readonly stepOf: (value: number) => number;
}

/** @param highest above 0 */
export const shareScale = (highest: number): ColourScale => scaleOf(parts.map(part => part * highest));

/** Counts are whole: a colour that would hold no other count than its neighbour is left out. */
export const countScale = (highest: number): ColourScale =>
  scaleOf([...new Set(parts.map(part => Math.ceil(part * highest)))]);

function scaleOf(bounds: readonly number[]): ColourScale {
  const last = bounds.length - 1;
  const stepOf = (value: number) => {
    if (value === 0) return 0;
    const index = bounds.findIndex(bound => value <= bound);
    return last === 0 || index < 0 ? steps : 1 + Math.round((index * (steps - 1)) / last);
  };
  return { bounds, stepOf };
}
