import type { Language } from '../language.ts';
import { type Day, midnightOf } from './calendar.ts';
import { type Clock, clockInPart, clockOf, partOf } from './clock.ts';
import { dayPhrase } from './day-phrase.ts';
import type { CompiledGrammar, PartOfDay } from './grammar.ts';
import { day, type Moment, type Reading, type Readings } from './reading.ts';

/** What the pieces of a phrase name together. */
interface Pieces {
  readonly date?: Readings;
  readonly clock?: Clock;
  readonly part?: PartOfDay;
}

/** Longer phrases are not tried: every way to cut a phrase into three pieces is. */
const mostWords = 16;

/**
 * The readings of a phrase that consists of a day, a time of day and a part of the day, in any order, each at most once:
 * `tomorrow at 5 in the afternoon`. Nothing of the phrase may be left over; `null`: none.
 */
export function dayAndTime(
  phrase: string,
  language: Language,
  grammar: CompiledGrammar,
  moment: Moment,
): Readings | null {
  const words = phrase.split(' ');
  if (words.length > mostWords) return null;
  const known = new Map<string, readonly Pieces[]>();
  const piecesOf = (from: number, to: number): readonly Pieces[] => {
    const text = words.slice(from, to).join(' ');
    const pieces = known.get(text) ?? meaningsOf(text, language, grammar, moment);
    known.set(text, pieces);
    return pieces;
  };
  for (const all of cuts(words.length)) {
    for (const pieces of together(all.map(([from, to]) => piecesOf(from, to)))) {
      const found = readingsOf(pieces, grammar, moment);
      if (found !== null) return found;
    }
  }
  return null;
}

/** Every way to cut `length` words into one, two or three pieces, from and to, fewest pieces first. */
function* cuts(length: number): Generator<readonly (readonly [number, number])[]> {
  yield [[0, length]];
  for (let first = 1; first < length; first++)
    yield [
      [0, first],
      [first, length],
    ];
  for (let first = 1; first < length; first++) {
    for (let second = first + 1; second < length; second++)
      yield [
        [0, first],
        [first, second],
        [second, length],
      ];
  }
}

/** What a piece may be; a day before a part of the day, for `morgen` and `mañana` are both. */
function meaningsOf(text: string, language: Language, grammar: CompiledGrammar, moment: Moment): readonly Pieces[] {
  const meanings: Pieces[] = [];
  const dayPart = grammar.phrases.partsOfDays.find(([pattern]) => pattern.test(text));
  if (dayPart !== undefined) {
    const [offset, part] = dayPart[1];
    meanings.push({ date: [day(moment.today + offset)], part });
  }
  const date = dayPhrase(text, language, grammar, moment);
  if (date !== null) meanings.push({ date });
  const clock = clockOf(text, grammar);
  if (clock !== null) meanings.push({ clock });
  const part = partOf(text, grammar);
  if (part !== null) meanings.push({ part });
  return meanings;
}

/** Every choice of one meaning for each piece in which no two name the same. */
function* together(choices: readonly (readonly Pieces[])[], chosen: Pieces = {}): Generator<Pieces> {
  const [first, ...rest] = choices;
  if (first === undefined) {
    yield chosen;
    return;
  }
  for (const each of first) {
    const clashes = Object.keys(each).some(name => name in chosen);
    if (!clashes) yield* together(rest, { ...chosen, ...each });
  }
}

function readingsOf({ date, clock, part }: Pieces, grammar: CompiledGrammar, moment: Moment): Readings | null {
  if (clock === undefined) {
    if (date === undefined) return null;
    return part === undefined ? date : partOfDays(date, grammar.hours[part]);
  }
  const time = part === undefined ? clock : clockInPart(clock, part, grammar);
  if (time === null || time.needsPart) return null;
  return date === undefined ? nearestTimes(time, moment) : timesOn(date, time);
}

function daysOf(readings: Readings): Day[] | null {
  const found = readings.flatMap(each => (each.kind === 'day' ? [each.day] : []));
  return found.length === readings.length ? found : null;
}

function partOfDays(date: Readings, hours: readonly [number, number] | undefined): Readings | null {
  const found = daysOf(date);
  if (found === null || hours === undefined) return null;
  const [from, to] = hours.map(hour => hour * 3_600_000);
  return atLeastOne(
    found.map(each => ({ kind: 'hours', from: midnightOf(each) + (from ?? 0), to: midnightOf(each) + (to ?? 0) })),
  );
}

function timesOn(date: Readings, clock: Clock): Readings | null {
  const found = daysOf(date);
  if (found === null) return null;
  return atLeastOne(
    found.flatMap(each => clock.seconds.map(seconds => timeOf(midnightOf(each) + seconds * 1000, clock))),
  );
}

function timeOf(local: number, { grain }: Clock): Reading {
  return { kind: 'time', local, grain };
}

/** A time without a day: today's, or with a preference the nearest one on that side of now. */
function nearestTimes(clock: Clock, { today, local: now, prefer }: Moment): Readings | null {
  const oneDay = 86_400_000;
  const ofToday = clock.seconds.map(seconds => midnightOf(today) + seconds * 1000);
  if (prefer === undefined) {
    const isMidnight = clock.seconds[0] === 0 && clock.seconds.length > 1;
    return atLeastOne((isMidnight ? ofToday.reverse() : ofToday).map(each => timeOf(each, clock)));
  }
  const moved = ofToday.map(each => {
    if (prefer === 'past') return each > now ? each - oneDay : each;
    return each < now ? each + oneDay : each;
  });
  const nearestFirst = [...new Set(moved)].sort((one, other) => Math.abs(one - now) - Math.abs(other - now));
  return atLeastOne(nearestFirst.map(each => timeOf(each, clock)));
}

function atLeastOne(readings: readonly Reading[]): Readings | null {
  const [first, ...rest] = readings;
  return first === undefined ? null : [first, ...rest];
}
