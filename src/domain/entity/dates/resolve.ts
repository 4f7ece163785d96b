import type { Language } from '../language.ts';
import { offsetAt, wallClockAt } from '../time-zone.ts';
import { dayAt } from './calendar.ts';
import { byChrono } from './chrono.ts';
import { dayAndTime } from './day-and-time.ts';
import { fold, words } from './fold.ts';
import { grammarOf } from './grammars.ts';
import { isoDateTime } from './numeric.ts';
import type { Grain, Moment, Readings } from './reading.ts';
import { valuesOf } from './value.ts';

/** When and where a phrase was said. */
export interface DateContext {
  readonly language: Language;
  /** ms since 1970. */
  readonly referenceTime: number;
  /** IANA. */
  readonly timeZone: string;
  readonly prefer?: 'past' | 'future' | undefined;
}

export interface ResolvedDate {
  readonly value: string;
  readonly grain: Grain;
  /** Other readings, of the same form; empty where there is one only. */
  readonly alternatives: readonly string[];
}

/** No phrase that names a date is longer. */
const longestPhrase = 120;

/**
 * The date, time or interval that a whole phrase means; `null` where it means none, or where a part of it is not
 * understood.
 */
export function resolveDate(phrase: string, context: DateContext): ResolvedDate | null {
  if (phrase.length > longestPhrase) return null;
  const moment = momentOf(context);
  const readings = readingsOf(phrase, context.language, moment);
  if (readings === null) return null;
  const [first] = readings;
  const [value, ...alternatives] = [...new Set(readings.flatMap(each => valuesOf(each, context.timeZone)))];
  if (value === undefined) return null;
  const grain = first.kind === 'day' ? 'day' : first.kind === 'hours' ? 'hour' : first.grain;
  return { value, grain, alternatives };
}

function momentOf({ referenceTime, timeZone, prefer }: DateContext): Moment {
  const local = wallClockAt(timeZone, referenceTime);
  return { now: referenceTime, timeZone, local, today: dayAt(local), prefer };
}

function readingsOf(phrase: string, language: Language, moment: Moment): Readings | null {
  const grammar = grammarOf(language);
  const folded = words(fold(phrase, grammar.isGerman)).replace(/(\d) ?([ap])\.? ?m\b\.?/g, '$1 $2m');
  return (
    isoDateTime(folded) ??
    dayAndTime(folded, language, grammar, moment) ??
    byChrono(words(phrase), language, moment, offsetAt(moment.timeZone, moment.now))
  );
}
