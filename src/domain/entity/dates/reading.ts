import type { Day } from './calendar.ts';

export const grains = ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
export type Grain = (typeof grains)[number];

/** One way to understand a phrase: days of the calendar, a time of the wall clock, a span of it, or an instant. */
export type Reading =
  | { readonly kind: 'day'; readonly day: Day }
  | { readonly kind: 'days'; readonly first: Day; readonly last: Day; readonly grain: Grain }
  /** `local` values are ms since 1970 as if the zone were UTC. */
  | { readonly kind: 'time'; readonly local: number; readonly grain: Grain }
  | { readonly kind: 'hours'; readonly from: number; readonly to: number }
  | { readonly kind: 'instant'; readonly instant: number; readonly grain: Grain };

/** The reading that a phrase gets, and the others that people give it. */
export type Readings = readonly [Reading, ...Reading[]];

/** When and where a phrase is read. */
export interface Moment {
  /** ms since 1970. */
  readonly now: number;
  readonly timeZone: string;
  /** The wall clock's reading at `now`. */
  readonly local: number;
  readonly today: Day;
  /** Whether a phrase that names no direction lies before or after `now`; without it, the nearest is taken. */
  readonly prefer: 'past' | 'future' | undefined;
}

export function day(at: Day): Reading {
  return { kind: 'day', day: at };
}

export function days(first: Day, last: Day, grain: Grain): Reading {
  return { kind: 'days', first, last, grain };
}
