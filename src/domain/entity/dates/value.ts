import { instantsOf, offsetAt } from '../time-zone.ts';
import { isoDate } from './calendar.ts';
import type { Reading } from './reading.ts';

/** A reading as ISO 8601; more than one where the wall clock shows it twice, the earlier first. */
export function valuesOf(reading: Reading, timeZone: string): readonly string[] {
  switch (reading.kind) {
    case 'day':
      return [isoDate(reading.day)];
    case 'days':
      return [`${isoDate(reading.first)}/${isoDate(reading.last)}`];
    case 'instant':
      return [isoTime(reading.instant, timeZone)];
    case 'time':
      return instantsOf(timeZone, reading.local).map(instant => isoTime(instant, timeZone));
    case 'hours': {
      const [from] = instantsOf(timeZone, reading.from);
      const [to] = instantsOf(timeZone, reading.to);
      return [`${isoTime(from, timeZone)}/${isoTime(to, timeZone)}`];
    }
  }
}

/** `2026-11-19T17:00:00+01:00`; the offset is that of the zone at the instant, to the minute. */
function isoTime(instant: number, timeZone: string): string {
  const minutes = Math.round(offsetAt(timeZone, instant) / 60_000);
  const local = new Date(instant + minutes * 60_000).toISOString().slice(0, 19);
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${local}${minutes < 0 ? '-' : '+'}${twoDigits(hours)}:${twoDigits(rest)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
