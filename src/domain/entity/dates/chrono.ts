import { type Chrono, de, en, es, fr, type ParsedComponents } from 'chrono-node';
import type { Language } from '../language.ts';
import { dayOf, midnightOf, weekdayOf } from './calendar.ts';
import { day, days, type Moment, type Reading, type Readings } from './reading.ts';

const parsers: Readonly<Record<Language, Chrono>> = {
  'en-US': en.strict,
  'en-GB': new en.Chrono(en.configuration.createConfiguration(true, true)),
  'de-DE': de.strict,
  'es-ES': es.strict,
  'fr-FR': fr.strict,
};

/** Dates in digits are ours: chrono swaps day and month where the language's order gives none. */
const digitDate = /\d[./]\d|\d-\d+-\d/;
/** Distances from now are ours: chrono takes `a few days` for a number. */
const relative: readonly string[] = ['result/relativeDate', 'result/relativeDateAndTime'];

/**
 * What chrono reads in a phrase that our own grammar does not cover: ranges of days and time zones. Its result counts
 * only where it spans the whole phrase and names a day that exists and has the weekday that is named.
 * @param offset of the zone at the moment, in ms
 */
export function byChrono(phrase: string, language: Language, moment: Moment, offset: number): Readings | null {
  if (digitDate.test(phrase)) return null;
  const reference = { instant: new Date(moment.now), timezone: offset / 60_000 };
  const [result, ...others] = parsers[language].parse(phrase, reference);
  if (result === undefined || others.length > 0 || result.index !== 0 || result.text !== phrase) return null;
  if (relative.some(tag => result.tags().has(tag))) return null;
  const start = readingOf(result.start);
  if (start === null) return null;
  // chrono sets `end` to null where its type says undefined.
  if (!result.end) return [start];
  const end = readingOf(result.end);
  if (end === null || start.kind !== 'day' || end.kind !== 'day' || end.day < start.day) return null;
  return [days(start.day, end.day, 'day')];
}

function readingOf(components: ParsedComponents): Reading | null {
  const get = (name: Parameters<ParsedComponents['get']>[0]) => components.get(name) ?? 0;
  if (!components.isCertain('day') || !components.isCertain('month')) return null;
  const at = dayOf(get('year'), get('month'), get('day'));
  if (at === null) return null;
  if (components.isCertain('weekday') && get('weekday') !== (weekdayOf(at) + 1) % 7) return null;
  if (!components.isCertain('hour')) return day(at);
  const local = midnightOf(at) + (get('hour') * 3600 + get('minute') * 60 + get('second')) * 1000;
  const grain = components.isCertain('second') ? 'second' : components.isCertain('minute') ? 'minute' : 'hour';
  if (!components.isCertain('timezoneOffset')) return { kind: 'time', local, grain };
  return { kind: 'instant', instant: local - get('timezoneOffset') * 60_000, grain };
}
