/** A day of the Gregorian calendar, as the number of days since 1970-01-01. */
export type Day = number;

const dayMs = 86_400_000;

/** The day of a date, or `null` for one that does not exist, such as 30 February. Months count from 1. */
export function dayOf(year: number, month: number, date: number): Day | null {
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, date);
  const exists = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === date;
  return exists ? Math.round(at.getTime() / dayMs) : null;
}

/** Year, month (from 1) and date of a day. */
export function dateOf(day: Day): { readonly year: number; readonly month: number; readonly date: number } {
  const at = new Date(day * dayMs);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, date: at.getUTCDate() };
}

/** 0 for Monday to 6 for Sunday. */
export function weekdayOf(day: Day): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** The Monday on or before a day. */
export function mondayOf(day: Day): Day {
  return day - weekdayOf(day);
}

/** The first day of the month that lies `months` after the one of `day`. */
export function firstOfMonth(day: Day, months = 0): Day {
  const { year, month } = dateOf(day);
  return Date.UTC(year, month - 1 + months, 1) / dayMs;
}

/** The day `months` later; where that month is shorter, its last day. */
export function addMonths(day: Day, months: number): Day {
  const { date } = dateOf(day);
  const first = firstOfMonth(day, months);
  return Math.min(first + date - 1, firstOfMonth(first, 1) - 1);
}

/** The day at midnight, in ms since 1970 as if the zone were UTC. */
export function midnightOf(day: Day): number {
  return day * dayMs;
}

/** The day of a wall clock's reading. */
export function dayAt(local: number): Day {
  return Math.floor(local / dayMs);
}

/** `2026-11-18`. */
export function isoDate(day: Day): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}
