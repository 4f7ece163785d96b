import type { Language } from '../language.ts';
import { dayOf } from './calendar.ts';
import { dayRules } from './day-rules.ts';
import { fromNow } from './duration.ts';
import type { CompiledGrammar } from './grammar.ts';
import { ofNearestYear } from './nearest.ts';
import { numericDate } from './numeric.ts';
import { day, type Moment, type Readings } from './reading.ts';

/** The readings of a whole phrase that names days, or an instant by its distance from now; `null`: none. */
export function dayPhrase(
  phrase: string,
  language: Language,
  grammar: CompiledGrammar,
  moment: Moment,
): Readings | null {
  if (grammar.nowPattern.test(phrase)) return [{ kind: 'instant', instant: moment.now, grain: 'second' }];
  const relative = grammar.phrases.relativeDays.find(([pattern]) => pattern.test(phrase));
  if (relative !== undefined) return [day(moment.today + relative[1])];
  return (
    holiday(phrase, grammar, moment) ??
    numericDate(phrase, language, moment) ??
    fromNow(phrase, grammar, moment) ??
    byRules(phrase, language, grammar, moment)
  );
}

function holiday(phrase: string, grammar: CompiledGrammar, moment: Moment): Readings | null {
  const year = /^(?<name>.+?) (?:de |del )?(?<year>[12]\d{3})$/.exec(phrase)?.groups;
  const found = grammar.phrases.holidays.find(([pattern]) => pattern.test(year?.name ?? phrase));
  if (found === undefined) return null;
  const [month, date] = found[1];
  const within = (inYear: number) => {
    const at = dayOf(inYear, month, date);
    return at === null ? null : day(at);
  };
  if (year === undefined) return ofNearestYear(moment, within);
  const at = within(Number(year.year));
  return at === null ? null : [at];
}

function byRules(phrase: string, language: Language, grammar: CompiledGrammar, moment: Moment): Readings | null {
  const dateWithin = (rest: string) => dayPhrase(rest, language, grammar, { ...moment, prefer: undefined });
  for (const [meaning, patterns] of grammar.dayPatterns) {
    for (const pattern of patterns) {
      const match = pattern.exec(phrase);
      const found = match === null ? null : dayRules[meaning](match.groups ?? {}, { grammar, moment, dateWithin });
      if (found !== null) return found;
    }
  }
  return null;
}
