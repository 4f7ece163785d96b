import { fold } from './fold.ts';

export type Unit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year';
export type PartOfDay = 'am' | 'pm' | 'small-hours' | 'morning' | 'afternoon' | 'evening' | 'night';

/** What a pattern of days means; `day-rules.ts` says what each gives. */
export type DayMeaning =
  | 'weekday'
  | 'lastWeekday'
  | 'thisWeekday'
  | 'nextWeekday'
  | 'comingWeekday'
  | 'weekdayLastWeek'
  | 'weekdayThisWeek'
  | 'weekdayNextWeek'
  | 'weekdayAndWeek'
  | 'weekdayAndDate'
  | 'weekdayAndDay'
  | 'beforeLastPeriod'
  | 'lastPeriod'
  | 'thisPeriod'
  | 'nextPeriod'
  | 'afterNextPeriod'
  | 'lastWeekend'
  | 'thisWeekend'
  | 'nextWeekend'
  | 'year'
  | 'month'
  | 'monthYear'
  | 'lastMonthName'
  | 'nextMonthName'
  | 'monthLastYear'
  | 'monthThisYear'
  | 'monthNextYear'
  | 'date'
  | 'dayOfMonth'
  | 'dayLastMonth'
  | 'dayThisMonth'
  | 'dayNextMonth'
  | 'nthWeekday'
  | 'lastWeekdayOf'
  | 'endLastPeriod'
  | 'endThisPeriod'
  | 'endNextPeriod'
  | 'endMonth'
  | 'endYear';

/** What a pattern of the clock means; `clock.ts` says what each gives. */
export type ClockMeaning =
  | 'hour'
  /** A number that is a time only beside a part of the day: `5` in `5 in the afternoon`. */
  | 'bareHour'
  | 'digital'
  | 'halfPast'
  | 'halfTo'
  | 'quarterPast'
  | 'quarterTo'
  | 'minutesPast'
  | 'minutesTo'
  | 'noon'
  | 'midnight';

/**
 * A language's words for days and times. Every string is the source of a regular expression, written in the language's
 * own spelling (it is folded), without capturing groups of its own; `<weekday>` and the like stand for the words of the
 * language (`placeholders`).
 */
export interface Grammar {
  readonly isGerman: boolean;
  /** From Monday. */
  readonly weekdays: readonly string[];
  readonly months: readonly string[];
  readonly units: Readonly<Record<Unit, string>>;
  /** The unit that a period is named by: `week` in `last week`. */
  readonly periods: Readonly<Partial<Record<Unit, string>>>;
  readonly numbers: ReadonlyMap<string, number>;
  readonly ordinals: ReadonlyMap<string, number>;
  /** A day of the month in digits. */
  readonly dayDigits: string;
  /** The instant itself. */
  readonly now: string;
  /** Days by their distance from today. */
  readonly relativeDays: Readonly<Record<string, number>>;
  /** Durations that are not a number and a unit: `half an hour`, in minutes. */
  readonly minutes: Readonly<Record<string, number>>;
  readonly holidays: Readonly<Record<string, readonly [month: number, date: number]>>;
  readonly days: Readonly<Partial<Record<DayMeaning, readonly string[]>>>;
  /** Patterns with `<duration>`. */
  readonly ago: readonly string[];
  readonly ahead: readonly string[];
  readonly and: string;
  readonly clock: Readonly<Partial<Record<ClockMeaning, readonly string[]>>>;
  readonly parts: Readonly<Partial<Record<PartOfDay, string>>>;
  /** From hour and to hour of a part of the day; a part without hours is only used beside a clock. */
  readonly hours: Readonly<Partial<Record<PartOfDay, readonly [number, number]>>>;
  /** A day and a part of it in one: `tonight`. */
  readonly partsOfDays: Readonly<Record<string, readonly [day: number, part: PartOfDay]>>;
  /** `next Friday` is the Friday of next week, and not the coming one. */
  readonly nextIsNextWeek: boolean;
  /** `5:30` may be in the afternoon: the language counts 12 hours. */
  readonly countsTwelve: boolean;
}

/** The places in a pattern that a language's words fill, each a named group. */
function placeholders(grammar: Grammar): Readonly<Record<string, string>> {
  const numbers = [...grammar.numbers.keys()];
  const ordinals = [...grammar.ordinals.keys()];
  return {
    weekday: grammar.weekdays.join('|'),
    month: grammar.months.join('|'),
    period: Object.values(grammar.periods).join('|'),
    day: longestFirst([grammar.dayDigits, ...ordinals]).join('|'),
    nth: longestFirst(ordinals).join('|'),
    year: "(?:1[6-9]|2[0-9])[0-9]{2}|'[0-9]{2}",
    h: longestFirst(['[0-9]{1,2}', ...numbers]).join('|'),
    m: longestFirst(['[0-9]{1,2}', ...numbers]).join('|'),
    mm: '[0-5][0-9]',
    ss: '[0-5][0-9]',
    duration: '.+?',
  };
}

function longestFirst(sources: readonly string[]): string[] {
  return [...sources].sort((one, other) => other.length - one.length);
}

/** A grammar whose words are folded and whose patterns are ready to match whole folded phrases. */
export interface CompiledGrammar extends Grammar {
  readonly dayPatterns: readonly (readonly [DayMeaning, readonly RegExp[]])[];
  readonly clockPatterns: readonly (readonly [ClockMeaning, readonly RegExp[]])[];
  readonly partPatterns: readonly (readonly [PartOfDay, RegExp])[];
  readonly nowPattern: RegExp;
  readonly agoPatterns: readonly RegExp[];
  readonly aheadPatterns: readonly RegExp[];
  /** Whole phrases, of the tables whose keys are patterns. */
  readonly phrases: {
    readonly relativeDays: readonly (readonly [RegExp, number])[];
    readonly minutes: readonly (readonly [RegExp, number])[];
    readonly holidays: readonly (readonly [RegExp, readonly [month: number, date: number]])[];
    readonly partsOfDays: readonly (readonly [RegExp, readonly [day: number, part: PartOfDay]])[];
  };
  /** A number and a unit at the start of a text: groups `n` and `unit`. */
  readonly quantity: RegExp;
  readonly unitPatterns: readonly (readonly [Unit, RegExp])[];
  readonly periodPatterns: readonly (readonly [Unit, RegExp])[];
  readonly weekdayPatterns: readonly RegExp[];
  readonly monthPatterns: readonly RegExp[];
}

export function compileGrammar(grammar: Grammar): CompiledGrammar {
  const places = placeholders(grammar);
  const folded = (source: string) => fold(source, grammar.isGerman);
  const whole = (pattern: string) => {
    const source = pattern.replace(/<(\w+)>/g, (group, name: string, at: number) => {
      const words = places[name];
      const opensGroup = pattern.slice(0, at).endsWith('(?');
      return words === undefined || opensGroup ? group : `(?<${name}>${words})`;
    });
    return new RegExp(`^(?:${folded(source)})$`);
  };
  const keyed = <Value>(table: Readonly<Record<string, Value>>): [RegExp, Value][] =>
    Object.entries(table).map(([key, value]) => [whole(key), value]);
  const patterns = <Meaning extends string>(table: Readonly<Partial<Record<Meaning, readonly string[]>>>) =>
    entriesOf(table).map(([meaning, sources]): [Meaning, RegExp[]] => [meaning, sources.map(whole)]);
  const numbers = longestFirst(['[0-9]{1,4}', ...grammar.numbers.keys()]).join('|');
  const units = Object.values(grammar.units).join('|');
  return {
    ...grammar,
    numbers: foldedKeys(grammar.numbers, folded),
    ordinals: foldedKeys(grammar.ordinals, folded),
    dayPatterns: patterns(grammar.days),
    clockPatterns: patterns(grammar.clock),
    partPatterns: entriesOf(grammar.parts).map(([part, source]): [PartOfDay, RegExp] => [part, whole(source)]),
    nowPattern: whole(grammar.now),
    agoPatterns: grammar.ago.map(whole),
    aheadPatterns: grammar.ahead.map(whole),
    phrases: {
      relativeDays: keyed(grammar.relativeDays),
      minutes: keyed(grammar.minutes),
      holidays: keyed(grammar.holidays),
      partsOfDays: keyed(grammar.partsOfDays),
    },
    quantity: new RegExp(`^(?<n>${folded(numbers)}) ?(?<unit>${folded(units)})(?:${folded(grammar.and)} |$)`),
    unitPatterns: entriesOf(grammar.units).map(([unit, source]): [Unit, RegExp] => [unit, whole(source)]),
    periodPatterns: entriesOf(grammar.periods).map(([unit, source]): [Unit, RegExp] => [unit, whole(source)]),
    weekdayPatterns: grammar.weekdays.map(whole),
    monthPatterns: grammar.months.map(whole),
  };
}

function foldedKeys(numbers: ReadonlyMap<string, number>, folded: (word: string) => string): Map<string, number> {
  return new Map([...numbers].map(([word, value]) => [folded(word), value]));
}

/** The entries of a table that are there, under the keys' own type: the tables are literals that hold no other key. */
function entriesOf<Key extends string, Value>(table: Readonly<Partial<Record<Key, Value>>>): [Key, Value][] {
  return Object.entries(table).filter((entry): entry is [Key, Value] => entry[1] !== undefined);
}
