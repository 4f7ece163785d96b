import { getNextMillis } from 'bullmq';

/**
 * The first time after `after` (in ms since 1970) that a cron pattern names in a time zone, by the queue library's own
 * reckoning; `null` where there is none. A time that a clock change leaves out comes an hour later, one that it brings
 * twice comes once.
 * @throws Error where `pattern` is none
 */
export function nextCronTime(pattern: string, tz: string, after: number): number | null {
  return getNextMillis(after, { pattern, tz }) ?? null;
}
