import { numberOf } from './duration.ts';
import type { ClockMeaning, CompiledGrammar, PartOfDay } from './grammar.ts';
import type { Grain } from './reading.ts';

/** A time of day. */
export interface Clock {
  /** Seconds from midnight that it may mean, the likelier first; 86,400 is the midnight at the day's end. */
  readonly seconds: readonly [number, ...number[]];
  readonly grain: Grain;
  /** A number that is a time only beside a part of the day. */
  readonly needsPart: boolean;
}

const halfDay = 12 * 3600;

/** The time of day that a whole phrase names, without a part of the day; `null`: none. */
export function clockOf(phrase: string, grammar: CompiledGrammar): Clock | null {
  for (const [meaning, patterns] of grammar.clockPatterns) {
    for (const pattern of patterns) {
      const groups = pattern.exec(phrase)?.groups;
      const found = groups === undefined && !pattern.test(phrase) ? null : read(meaning, groups ?? {}, grammar);
      if (found !== null) return found;
    }
  }
  return null;
}

function read(
  meaning: ClockMeaning,
  groups: Readonly<Record<string, string | undefined>>,
  grammar: CompiledGrammar,
): Clock | null {
  if (meaning === 'noon') return { seconds: [halfDay], grain: 'hour', needsPart: false };
  if (meaning === 'midnight') return { seconds: [0, 2 * halfDay], grain: 'hour', needsPart: false };
  const hour = numberOf(groups.h ?? '', grammar);
  if (hour === null) return null;
  if (meaning === 'digital') {
    const minute = Number(groups.mm);
    const [second, grain]: [number, Grain] = groups.ss === undefined ? [0, 'minute'] : [Number(groups.ss), 'second'];
    const isTwelve = grammar.countsTwelve && !groups.h?.startsWith('0');
    return at(hour, minute, second, grain, isTwelve, false);
  }
  if (meaning === 'hour') return at(hour, 0, 0, 'hour', !groups.h?.startsWith('0'), false);
  if (meaning === 'bareHour') return at(hour, 0, 0, 'hour', true, true);
  const minutes = minutesBeyond[meaning] ?? numberOf(groups.m ?? '', grammar);
  if (minutes === null || minutes > 59) return null;
  return at(hour, minutes * (isBefore.has(meaning) ? -1 : 1), 0, 'minute', true, false);
}

const minutesBeyond: Readonly<Partial<Record<ClockMeaning, number>>> = {
  halfPast: 30,
  halfTo: 30,
  quarterPast: 15,
  quarterTo: 15,
};
const isBefore: ReadonlySet<ClockMeaning> = new Set<ClockMeaning>(['halfTo', 'quarterTo', 'minutesTo']);

/** @param isTwelve that hours from 1 to 12 may also be meant in the other half of the day */
function at(
  hour: number,
  minute: number,
  second: number,
  grain: Grain,
  isTwelve: boolean,
  needsPart: boolean,
): Clock | null {
  const seconds = hour * 3600 + minute * 60 + second;
  if (hour > 24 || seconds > 2 * halfDay || seconds < 0) return null;
  if (!isTwelve || hour < 1 || hour > 12) return { seconds: [seconds], grain, needsPart };
  const other = seconds < halfDay ? seconds + halfDay : seconds - halfDay;
  return { seconds: [seconds, other], grain, needsPart };
}

/** The part of the day that a whole phrase names; `null`: none. */
export function partOf(phrase: string, grammar: CompiledGrammar): PartOfDay | null {
  return grammar.partPatterns.find(([, pattern]) => pattern.test(phrase))?.[0] ?? null;
}

/** Where the hours of each part of the day are, in hours of the clock; the end is not included. */
const hoursOfParts: Readonly<Record<PartOfDay, readonly [number, number]>> = {
  am: [0, 12],
  pm: [12, 24],
  'small-hours': [0, 7],
  morning: [0, 12],
  afternoon: [12, 21],
  evening: [16, 24],
  night: [18, 24],
};

/**
 * The one time that a clock and a part of the day mean together: 5 and the afternoon are 17:00. `null`: they contradict.
 * Where 24 hours are counted, 12 in the morning is noon.
 */
export function clockInPart(clock: Clock, part: PartOfDay, grammar: CompiledGrammar): Clock | null {
  const [from, to] = hoursOfParts[part];
  const [first] = clock.seconds;
  const isTwelveHour = (part !== 'am' && part !== 'pm') || (first >= 1800 && first < 13 * 3600);
  const candidates = [first, first + halfDay, first - halfDay].filter(each => each >= 0 && each <= 2 * halfDay);
  const isNoon = part === 'morning' && !grammar.countsTwelve && first >= halfDay && first < 13 * 3600;
  const within = isNoon
    ? first
    : (candidates.find(each => each >= from * 3600 && each < to * 3600) ?? late(part, candidates));
  return within === undefined || !isTwelveHour ? null : { seconds: [within], grain: clock.grain, needsPart: false };
}

/** 12 at night is the midnight at the day's end, 1 to 5 at night are the small hours. */
function late(part: PartOfDay, candidates: readonly number[]): number | undefined {
  if (part !== 'night' && part !== 'evening') return undefined;
  if (candidates.includes(halfDay)) return 2 * halfDay;
  return part === 'night' ? candidates.find(each => each < 6 * 3600) : undefined;
}
