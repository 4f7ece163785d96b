/** A threshold, a rate or a score as the contract gives them: 3 decimals. */
export const fixed = (value: number) => value.toFixed(3);

/** Both ends of an interval. */
export const range = ([low, high]: readonly [number, number]) => `${fixed(low)}–${fixed(high)}`;

/** How much a threshold moves, with its sign. */
export function signed(change: number): string {
  const size = fixed(Math.abs(change));
  if (Number(size) === 0) return '±0.000';
  return `${change < 0 ? '−' : '+'}${size}`;
}

const grouped = new Intl.NumberFormat('en-US');

/** A count, in groups of three digits. */
export const count = (value: number) => grouped.format(value);

/** A count and what is counted. */
export const counted = (value: number, one: string, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

/** An ISO instant to the minute; other text is shown unchanged. */
export function minute(instant: string): string {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?Z$/.exec(instant) ?? [];
  return day === undefined ? instant : `${day} ${time} UTC`;
}

/** A share within 0..1 as a percentage with one decimal. */
export const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** A threshold that is a score itself: so many decimals that no other score looks like it. */
export const exact = (threshold: number) => threshold.toFixed(6);

/** How long something took, in the units that fit. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Number(seconds.toFixed(1))} s`;
  const minutes = Math.round(seconds / 60);
  if (seconds < 600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  return minutes < 60 ? `${minutes} min` : `${count(Math.floor(minutes / 60))} h ${minutes % 60} min`;
}
