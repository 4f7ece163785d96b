import { instantsOf, offsetAt, wallClockAt } from '../entity/time-zone.ts';
import { type CronPattern, readCronPattern } from './cron-pattern.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** A pattern without a day in as many days has none: 29 February comes after eight years at the latest. */
const mostDays = 12 * 366;

/**
 * The first instant after `after` (both in ms since 1970) that a cron pattern names in a time zone; `null` if there is
 * none. Each local time of the pattern gives one instant on each day that it names:
 * - a time that a clock change leaves out comes as much later as the clocks move, usually an hour;
 * - a time that a clock change repeats comes once, the first time. A pattern for every hour follows the clock instead, and
 *   comes both times.
 * @throws BadCronPattern; RangeError for an unknown time zone
 */
export function nextCronTime(pattern: string, timeZone: string, after: number): number | null {
  const cron = readCronPattern(pattern);
  // A time that was left out on the day before may come on this one.
  const first = Math.floor(wallClockAt(timeZone, after) / dayMs) - 1;
  for (let day = first; day < first + mostDays; day++) {
    if (!isDay(cron, day)) continue;
    const found = firstAfter(cron, timeZone, day, after);
    if (found === null) continue;
    // Around a change of the clocks at midnight, a time of the next day may come before one of this day.
    const next = isDay(cron, day + 1) && !isSteady(timeZone, day) ? firstAfter(cron, timeZone, day + 1, after) : null;
    return next === null ? found : Math.min(found, next);
  }
  return null;
}

/** @param day a calendar day, in days since 1970 */
function isDay({ months, monthDays, weekDays }: CronPattern, day: number): boolean {
  const date = new Date(day * dayMs);
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const monthDay = date.getUTCDate();
  const weekDay = date.getUTCDay();
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  const isMonthDay = monthDays.days.has(monthDay) || (monthDays.isLast && monthDay === lastDay);
  const isWeekDay =
    weekDays.days.has(weekDay) ||
    (weekDays.last.has(weekDay) && monthDay + 7 > lastDay) ||
    weekDays.nth.some(({ day: named, nth }) => named === weekDay && Math.ceil(monthDay / 7) === nth);
  // As in every cron: if both are restricted, one of them is enough.
  if (monthDays.isEvery) return weekDays.isEvery || isWeekDay;
  return weekDays.isEvery ? isMonthDay : isMonthDay || isWeekDay;
}

function firstAfter(cron: CronPattern, timeZone: string, day: number, after: number): number | null {
  const offsets = offsetsAround(timeZone, day);
  const [least, most] = [Math.min(...offsets), Math.max(...offsets)];
  let found: number | null = null;
  for (const local of localTimes(cron, day)) {
    // The latest and the earliest instant that the local time can have.
    if (local - least <= after) continue;
    if (found !== null && local - most > found) break;
    const instants = least === most ? [local - least] : instantsOf(timeZone, local);
    for (const instant of cron.isHourly ? instants : instants.slice(0, 1))
      if (instant > after && (found === null || instant < found)) found = instant;
  }
  return found;
}

/** The time zone's offsets from the day before to the day after, in ms. */
function offsetsAround(timeZone: string, day: number): number[] {
  return [-1, 0, 1, 2].map(later => offsetAt(timeZone, (day + later) * dayMs));
}

/** Whether the clocks do not change in these days. */
function isSteady(timeZone: string, day: number): boolean {
  return new Set(offsetsAround(timeZone, day)).size === 1;
}

/** The pattern's times on a day, ascending, in ms since 1970 as if the zone were UTC. */
function* localTimes({ hours, minutes }: CronPattern, day: number): Generator<number> {
  for (const hour of hours) for (const minute of minutes) yield day * dayMs + (hour * 60 + minute) * minuteMs;
}
