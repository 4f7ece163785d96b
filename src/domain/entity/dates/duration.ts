import { addMonths, type Day } from './calendar.ts';
import type { CompiledGrammar, Unit } from './grammar.ts';
import { day, type Grain, type Moment, type Readings } from './reading.ts';

/** A duration as people say it: calendar months and days, and exact ms, with the smallest unit that was named. */
interface Duration {
  readonly months: number;
  readonly days: number;
  readonly ms: number;
  readonly grain: Grain;
}

const none: Duration = { months: 0, days: 0, ms: 0, grain: 'year' };

/** `3 days ago`, `in half an hour`: a day where only days and longer units are named, else an instant. */
export function fromNow(phrase: string, grammar: CompiledGrammar, moment: Moment): Readings | null {
  return (
    shifted(phrase, grammar.agoPatterns, -1, grammar, moment) ??
    shifted(phrase, grammar.aheadPatterns, 1, grammar, moment)
  );
}

function shifted(
  phrase: string,
  patterns: readonly RegExp[],
  direction: 1 | -1,
  grammar: CompiledGrammar,
  moment: Moment,
): Readings | null {
  for (const pattern of patterns) {
    const duration = durationOf(pattern.exec(phrase)?.groups?.duration ?? '', grammar);
    if (duration === null) continue;
    const at = addMonths(moment.today, direction * duration.months) + direction * duration.days;
    if (!isRepresentable(at)) return null;
    if (duration.ms === 0) return [day(at)];
    if (at !== moment.today) {
      const local = moment.local + (at - moment.today) * 86_400_000 + direction * duration.ms;
      return [{ kind: 'time', local, grain: duration.grain }];
    }
    return [{ kind: 'instant', instant: moment.now + direction * duration.ms, grain: duration.grain }];
  }
  return null;
}

/** Years of four digits: ISO 8601 writes others in an extended form that many programs refuse. */
function isRepresentable(at: Day): boolean {
  return at >= Date.UTC(1000, 0, 1) / 86_400_000 && at <= Date.UTC(9999, 11, 31) / 86_400_000;
}

function durationOf(phrase: string, grammar: CompiledGrammar): Duration | null {
  const fixed = grammar.phrases.minutes.find(([pattern]) => pattern.test(phrase));
  if (fixed !== undefined) return { ...none, ms: fixed[1] * 60_000, grain: 'minute' };
  let rest = phrase;
  let total: Duration | null = null;
  while (rest !== '') {
    const match = grammar.quantity.exec(rest);
    const unit = grammar.unitPatterns.find(([, pattern]) => pattern.test(match?.groups?.unit ?? ''))?.[0];
    const count = numberOf(match?.groups?.n ?? '', grammar);
    if (match === null || unit === undefined || count === null) return null;
    total = plus(total ?? none, count, unit);
    rest = rest.slice(match[0].length);
  }
  return total;
}

/** A number in digits or in the language's words. */
export function numberOf(text: string, grammar: CompiledGrammar): number | null {
  return /^\d+$/.test(text) ? Number(text) : (grammar.numbers.get(text) ?? null);
}

function plus(duration: Duration, count: number, unit: Unit): Duration {
  const { months, days, ms } = duration;
  const grain = unit;
  if (unit === 'year') return { months: months + 12 * count, days, ms, grain };
  if (unit === 'quarter') return { months: months + 3 * count, days, ms, grain };
  if (unit === 'month') return { months: months + count, days, ms, grain };
  if (unit === 'week') return { months, days: days + 7 * count, ms, grain };
  if (unit === 'day') return { months, days: days + count, ms, grain };
  return { months, days, ms: ms + count * msOf[unit], grain };
}

const msOf = { hour: 3_600_000, minute: 60_000, second: 1_000 } as const;
