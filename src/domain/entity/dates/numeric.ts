import type { Language } from '../language.ts';
import { dayOf, firstOfMonth, midnightOf } from './calendar.ts';
import { twoDigitYear } from './day-rules.ts';
import { ofNearestYear } from './nearest.ts';
import { day, days, type Moment, type Readings } from './reading.ts';

const prefix = '(?:on |am |den |der |dem |el |le |del |du )?(?:dia )?';
const isoDate = new RegExp(
  `^${prefix}(?<year>\\d{4})(?<separator>[-/.])(?<month>\\d{1,2})\\k<separator>(?<day>\\d{1,2})$`,
);
const withYear = new RegExp(
  `^${prefix}(?<one>\\d{1,2})(?<separator>[-/.]) ?(?<two>\\d{1,2})\\k<separator> ?(?<year>\\d{4}|\\d{2})$`,
);
const withoutYear = new RegExp(`^${prefix}(?<one>\\d{1,2})/(?<two>\\d{1,2})$`);
const germanWithoutYear =
  /^(?:(?:am |den |der |dem )?(?<one>\d{1,2})\. ?(?<two>\d{1,2})\.|(?:am |den |der |dem )(?<oneShort>\d{1,2})\.(?<twoShort>\d{1,2}))$/;
const monthAndYear = /^(?:in |im |en )?(?<month>\d{1,2})[/.-](?<year>\d{4})$/;

/** A date in digits, in the order of its language; ISO 8601 in all of them. A date that does not exist has no readings. */
export function numericDate(phrase: string, language: Language, moment: Moment): Readings | null {
  const iso = isoDate.exec(phrase)?.groups;
  if (iso !== undefined) return single(Number(iso.year), Number(iso.month), Number(iso.day));
  const full = withYear.exec(phrase)?.groups;
  if (full !== undefined) {
    const { month, date } = inOrder(full.one, full.two, language);
    return single(yearOf(full.year ?? ''), month, date);
  }
  const short =
    withoutYear.exec(phrase)?.groups ?? (language === 'de-DE' ? germanWithoutYear.exec(phrase)?.groups : undefined);
  if (short !== undefined) {
    const { month, date } = inOrder(short.one ?? short.oneShort, short.two ?? short.twoShort, language);
    return ofNearestYear(moment, year => single(year, month, date)?.[0] ?? null);
  }
  const monthOnly = monthAndYear.exec(phrase)?.groups;
  const first = monthOnly === undefined ? null : dayOf(Number(monthOnly.year), Number(monthOnly.month), 1);
  return first === null ? null : [days(first, firstOfMonth(first, 1) - 1, 'month')];
}

function inOrder(one: string | undefined, two: string | undefined, language: Language) {
  const [month, date] = language === 'en-US' ? [one, two] : [two, one];
  return { month: Number(month), date: Number(date) };
}

function yearOf(digits: string): number {
  return digits.length === 2 ? twoDigitYear(Number(digits)) : Number(digits);
}

function single(year: number, month: number, date: number): Readings | null {
  const found = dayOf(year, month, date);
  return found === null ? null : [day(found)];
}

const isoTime =
  /^(?<date>\d{4}-\d{2}-\d{2})[t ](?<hour>[01]\d|2[0-3]):(?<minute>[0-5]\d)(?::(?<second>[0-5]\d)(?:\.\d{1,9})?)?(?<offset>z|[+-][01]\d:?[0-5]\d)?$/;

/** A date-time of ISO 8601: an instant where it has an offset, else a time of the wall clock. */
export function isoDateTime(phrase: string): Readings | null {
  const groups = isoTime.exec(phrase)?.groups;
  if (groups === undefined) return null;
  const [year = 0, month = 0, date = 0] = (groups.date ?? '').split('-').map(Number);
  const at = dayOf(year, month, date);
  if (at === null) return null;
  const seconds = Number(groups.hour) * 3600 + Number(groups.minute) * 60 + Number(groups.second ?? 0);
  const local = midnightOf(at) + seconds * 1000;
  const grain = groups.second === undefined ? 'minute' : 'second';
  if (groups.offset === undefined) return [{ kind: 'time', local, grain }];
  return [{ kind: 'instant', instant: local - offsetMs(groups.offset), grain }];
}

function offsetMs(offset: string): number {
  if (offset === 'z') return 0;
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(-2))];
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
