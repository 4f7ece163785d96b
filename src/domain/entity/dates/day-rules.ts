import { addMonths, type Day, dateOf, dayOf, firstOfMonth, mondayOf, weekdayOf } from './calendar.ts';
import type { CompiledGrammar, DayMeaning, Unit } from './grammar.ts';
import { nearest, ofNearestYear } from './nearest.ts';
import { day, days, type Moment, type Reading, type Readings } from './reading.ts';

/** The named groups of a pattern that matched; those of other alternatives are missing. */
export type Groups = Readonly<Record<string, string | undefined>>;

interface Context {
  readonly grammar: CompiledGrammar;
  readonly moment: Moment;
  /** Reads what is beside a weekday, without a preference: the weekday decides. */
  readonly dateWithin: (phrase: string) => Readings | null;
}

type Rule = (groups: Groups, context: Context) => Readings | null;

/** What each pattern of days means. */
export const dayRules: Readonly<Record<DayMeaning, Rule>> = {
  weekday: (groups, context) => bareWeekday(weekday(groups, context), context.moment),
  lastWeekday: (groups, context) => [day(weekdayBefore(weekday(groups, context), context.moment.today))],
  comingWeekday: (groups, context) => [day(weekdayAfter(weekday(groups, context), context.moment.today))],
  thisWeekday: (groups, context) => thisWeekday(weekday(groups, context), context.moment),
  nextWeekday: (groups, context) => nextWeekday(weekday(groups, context), context),
  weekdayLastWeek: (groups, context) => weekdayOfWeek(groups, context, -1),
  weekdayThisWeek: (groups, context) => weekdayOfWeek(groups, context, 0),
  weekdayNextWeek: (groups, context) => weekdayOfWeek(groups, context, 1),
  weekdayAndWeek: (groups, context) => [day(weekdayAfter(weekday(groups, context), context.moment.today) + 7)],
  weekdayAndDate: (groups, context) => {
    const at = weekday(groups, context);
    const fitting = context
      .dateWithin(groups.rest ?? '')
      ?.filter(each => each.kind === 'day' && weekdayOf(each.day) === at);
    const [first] = fitting ?? [];
    return first === undefined ? null : [first];
  },
  weekdayAndDay: (groups, context) => {
    const at = weekday(groups, context);
    const candidates = daysOfMonths(context, dayNumber(groups, context));
    const [first] =
      nearest(
        context.moment,
        candidates.filter(each => each.kind === 'day' && weekdayOf(each.day) === at),
      ) ?? [];
    return first === undefined ? null : [first];
  },
  beforeLastPeriod: (groups, context) => period(groups, context, -2),
  lastPeriod: (groups, context) => period(groups, context, -1),
  thisPeriod: (groups, context) => period(groups, context, 0),
  nextPeriod: (groups, context) => period(groups, context, 1),
  afterNextPeriod: (groups, context) => period(groups, context, 2),
  lastWeekend: (_, { moment }) => [weekend(moment.today, -1)],
  thisWeekend: (_, { moment }) => [weekend(moment.today, 0)],
  nextWeekend: (_, { grammar, moment }) => {
    const [coming, following] = [weekend(moment.today, 0), weekend(moment.today, 1)];
    if (weekdayOf(moment.today) >= 5) return [following];
    return grammar.nextIsNextWeek ? [following, coming] : [coming, following];
  },
  year: groups => {
    const year = fullYear(groups.year);
    return year === null ? null : periodAt(dayOf(year, 1, 1), 'year');
  },
  month: (groups, context) => {
    const { today } = context.moment;
    const at = month(groups, context);
    if (dateOf(today).month === at && context.moment.prefer === undefined) return periodAt(today, 'month');
    return ofNearestYear(context.moment, year => periodAt(dayOf(year, at, 1), 'month')?.[0] ?? null);
  },
  monthYear: (groups, context) => {
    const year = fullYear(groups.year);
    return year === null ? null : periodAt(dayOf(year, month(groups, context), 1), 'month');
  },
  lastMonthName: (groups, context) => {
    const now = dateOf(context.moment.today);
    const at = month(groups, context);
    return periodAt(dayOf(at < now.month ? now.year : now.year - 1, at, 1), 'month');
  },
  nextMonthName: (groups, context) => {
    const now = dateOf(context.moment.today);
    const at = month(groups, context);
    const coming = periodAt(dayOf(at > now.month ? now.year : now.year + 1, at, 1), 'month');
    const following = periodAt(dayOf(now.year + 1, at, 1), 'month');
    if (coming === null || following === null || at <= now.month) return coming;
    return [coming[0], following[0]];
  },
  monthLastYear: (groups, context) => monthOfYear(groups, context, -1),
  monthThisYear: (groups, context) => monthOfYear(groups, context, 0),
  monthNextYear: (groups, context) => monthOfYear(groups, context, 1),
  date: (groups, context) =>
    dayIn(groups, context, year => dayOf(year, month(groups, context), dayNumber(groups, context))),
  dayOfMonth: (groups, context) => nearest(context.moment, daysOfMonths(context, dayNumber(groups, context))),
  dayLastMonth: (groups, context) => dayOfMonth(context, -1, dayNumber(groups, context)),
  dayThisMonth: (groups, context) => dayOfMonth(context, 0, dayNumber(groups, context)),
  dayNextMonth: (groups, context) => dayOfMonth(context, 1, dayNumber(groups, context)),
  nthWeekday: (groups, context) => {
    const nth = groups.nthDigits === undefined ? ordinal(groups.nth, context) : Number(groups.nthDigits);
    return dayIn(groups, context, year => {
      const first = dayOf(year, month(groups, context), 1);
      if (first === null) return null;
      const found = weekdayAfter(weekday(groups, context), first - 1) + (nth - 1) * 7;
      return firstOfMonth(found) === first ? found : null;
    });
  },
  lastWeekdayOf: (groups, context) =>
    dayIn(groups, context, year => {
      const first = dayOf(year, month(groups, context), 1);
      return first === null ? null : weekdayBefore(weekday(groups, context), firstOfMonth(first, 1));
    }),
  endLastPeriod: (groups, context) => endOf(period(groups, context, -1)),
  endThisPeriod: (groups, context) => endOf(period(groups, context, 0)),
  endNextPeriod: (groups, context) => endOf(period(groups, context, 1)),
  endYear: groups => {
    const year = fullYear(groups.year);
    return endOf(year === null ? null : periodAt(dayOf(year, 1, 1), 'year'));
  },
  endMonth: (groups, context) =>
    dayIn(groups, context, year => {
      const first = dayOf(year, month(groups, context), 1);
      return first === null ? null : firstOfMonth(first, 1) - 1;
    }),
};

function weekday(groups: Groups, { grammar }: Context): number {
  return grammar.weekdayPatterns.findIndex(pattern => pattern.test(groups.weekday ?? ''));
}

function month(groups: Groups, { grammar }: Context): number {
  return grammar.monthPatterns.findIndex(pattern => pattern.test(groups.month ?? '')) + 1;
}

/** The day of the month that is named in digits or words; 0, which no month has, when it is neither. */
function dayNumber(groups: Groups, context: Context): number {
  const digits = /^\d+/.exec(groups.day ?? '')?.[0];
  return digits === undefined ? ordinal(groups.day, context) : Number(digits);
}

function ordinal(word: string | undefined, { grammar }: Context): number {
  return grammar.ordinals.get(word ?? '') ?? 0;
}

/** `2026` and `'26` are 2026. */
export function fullYear(text: string | undefined): number | null {
  if (text === undefined) return null;
  return text.startsWith("'") ? twoDigitYear(Number(text.slice(1))) : Number(text);
}

/** As POSIX reads two digits: 69 to 99 are in the 20th century. */
export function twoDigitYear(digits: number): number {
  return digits < 69 ? 2000 + digits : 1900 + digits;
}

/** The last such weekday before a day. */
function weekdayBefore(at: number, before: Day): Day {
  return before - (((weekdayOf(before) - at + 6) % 7) + 1);
}

/** The first such weekday after a day. */
function weekdayAfter(at: number, after: Day): Day {
  return after + (((at - weekdayOf(after) + 6) % 7) + 1);
}

function bareWeekday(at: number, { today, prefer }: Moment): Readings {
  const [past, future] = [day(weekdayBefore(at, today)), day(weekdayAfter(at, today))];
  if (prefer === 'past') return [past];
  if (prefer === 'future') return [future];
  if (weekdayOf(today) === at) return [day(today), future, past];
  const isPastNearer = today - weekdayBefore(at, today) < weekdayAfter(at, today) - today;
  return isPastNearer ? [past, future] : [future, past];
}

/** The day of this week; where that is over, some mean the coming one. */
function thisWeekday(at: number, { today, prefer }: Moment): Readings {
  const ofWeek = mondayOf(today) + at;
  if (ofWeek >= today) return [day(ofWeek)];
  const coming = day(ofWeek + 7);
  if (prefer === 'future') return [coming];
  return prefer === 'past' ? [day(ofWeek)] : [day(ofWeek), coming];
}

function nextWeekday(at: number, { grammar, moment }: Context): Readings {
  const coming = weekdayAfter(at, moment.today);
  const ofNextWeek = mondayOf(moment.today) + 7 + at;
  if (coming === ofNextWeek) return [day(coming)];
  return grammar.nextIsNextWeek ? [day(ofNextWeek), day(coming)] : [day(coming), day(ofNextWeek)];
}

function weekdayOfWeek(groups: Groups, context: Context, weeks: number): Readings {
  return [day(mondayOf(context.moment.today) + weeks * 7 + weekday(groups, context))];
}

function weekend(today: Day, weeks: number): Reading {
  const saturday = mondayOf(today) + 5 + weeks * 7;
  return days(saturday, saturday + 1, 'day');
}

const monthsOf: Readonly<Partial<Record<Unit, number>>> = { month: 1, quarter: 3, year: 12 };

function period(groups: Groups, { grammar, moment }: Context, offset: number): Readings | null {
  const unit = grammar.periodPatterns.find(([, pattern]) => pattern.test(groups.period ?? ''))?.[0];
  if (unit === undefined) return null;
  if (unit === 'week') return periodAt(moment.today + offset * 7, 'week');
  const months = monthsOf[unit];
  if (months === undefined) return null;
  return periodAt(addMonths(firstOfMonth(moment.today), offset * months), unit);
}

/** The week, month, quarter or year that a day lies in. */
function periodAt(at: Day | null, unit: Unit): Readings | null {
  if (at === null) return null;
  if (unit === 'week') return [days(mondayOf(at), mondayOf(at) + 6, 'week')];
  if (unit === 'month') return [days(firstOfMonth(at), firstOfMonth(at, 1) - 1, 'month')];
  const size = unit === 'quarter' ? 3 : 12;
  const first = firstOfMonth(at, -((dateOf(at).month - 1) % size));
  return [days(first, firstOfMonth(first, size) - 1, unit === 'quarter' ? 'quarter' : 'year')];
}

function endOf(readings: Readings | null): Readings | null {
  const [first] = readings ?? [];
  return first?.kind === 'days' ? [day(first.last)] : null;
}

function monthOfYear(groups: Groups, context: Context, years: number): Readings | null {
  return periodAt(dayOf(dateOf(context.moment.today).year + years, month(groups, context), 1), 'month');
}

/** The day of that number in the months around this one. */
function daysOfMonths(context: Context, at: number): Reading[] {
  return Array.from({ length: 25 }, (_, index) => dayOfMonth(context, index - 12, at)).flatMap(each => each ?? []);
}

function dayOfMonth({ moment }: Context, months: number, at: number): readonly [Reading] | null {
  const { year, month } = dateOf(firstOfMonth(moment.today, months));
  const found = dayOf(year, month, at);
  return found === null ? null : [day(found)];
}

/** The day in the year that is named, or else in the nearest one in which it exists. */
function dayIn(groups: Groups, context: Context, dayInYear: (year: number) => Day | null): Readings | null {
  const within = (year: number) => {
    const found = dayInYear(year);
    return found === null ? null : day(found);
  };
  if (groups.year === undefined) return ofNearestYear(context.moment, within);
  const year = fullYear(groups.year);
  const found = year === null ? null : within(year);
  return found === null ? null : [found];
}
