import { dateOf } from './calendar.ts';
import type { Moment, Reading, Readings } from './reading.ts';

/**
 * The readings of a phrase that names no direction: with a preference the nearest one on that side, else the nearest
 * one, with the nearest one of the other side as its alternative. What includes today is both.
 * @param candidates of any order
 */
export function nearest(moment: Moment, candidates: readonly Reading[]): Readings | null {
  const spans = candidates
    .map(reading => ({ reading, ...spanOf(reading) }))
    .sort((one, other) => one.first - other.first);
  const { today, prefer } = moment;
  const current = spans.find(each => each.first <= today && today <= each.last);
  if (current !== undefined) return [current.reading];
  const past = spans.findLast(each => each.last < today);
  const future = spans.find(each => each.first > today);
  const [first, second] =
    past !== undefined && (future === undefined || today - past.last < future.first - today)
      ? [past, future]
      : [future, past];
  if (first === undefined) return null;
  if (prefer !== undefined) {
    const preferred = prefer === 'past' ? past : future;
    return preferred === undefined ? null : [preferred.reading];
  }
  return second === undefined ? [first.reading] : [first.reading, second.reading];
}

function spanOf(reading: Reading): { readonly first: number; readonly last: number } {
  if (reading.kind === 'day') return { first: reading.day, last: reading.day };
  return reading.kind === 'days' ? reading : { first: Number.NaN, last: Number.NaN };
}

/** Enough years for a 29 February on both sides, also around 1900 and 2100. */
const yearsAround = 8;

/** The nearest of the readings that a phrase has in each year; `null` from `within`: it does not exist in that year. */
export function ofNearestYear(moment: Moment, within: (year: number) => Reading | null): Readings | null {
  const { year } = dateOf(moment.today);
  const candidates = Array.from({ length: 2 * yearsAround + 1 }, (_, index) => within(year - yearsAround + index));
  return nearest(
    moment,
    candidates.flatMap(each => each ?? []),
  );
}
