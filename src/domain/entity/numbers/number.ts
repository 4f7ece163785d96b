import { fold } from '../dates/fold.ts';
import { grammarOf } from '../dates/grammars.ts';
import type { Language } from '../language.ts';

/** Between groups of three digits and before decimals, as sources of regular expressions. */
interface Separators {
  readonly group: string;
  readonly decimal: string;
}

const spaces = '[ \\u00a0\\u202f]';
const english: Separators = { group: ',', decimal: '\\.' };
const separators: Readonly<Record<Language, Separators>> = {
  'en-US': english,
  'en-GB': english,
  'de-DE': { group: `\\.|${spaces}`, decimal: ',' },
  'es-ES': { group: `\\.|${spaces}`, decimal: ',' },
  'fr-FR': { group: spaces, decimal: ',' },
};

const scales: Readonly<Record<Language, readonly (readonly [words: RegExp, factor: number])[]>> = {
  'en-US': [
    [/^(?:k|thousand)$/i, 1e3],
    [/^(?:m|million)$/i, 1e6],
    [/^(?:bn|billion)$/i, 1e9],
  ],
  'en-GB': [
    [/^(?:k|thousand)$/i, 1e3],
    [/^(?:m|million)$/i, 1e6],
    [/^(?:bn|billion)$/i, 1e9],
  ],
  'de-DE': [
    [/^(?:tsd\.?|tausend)$/i, 1e3],
    [/^(?:mio\.?|millionen|million)$/i, 1e6],
    [/^(?:mrd\.?|milliarden?)$/i, 1e9],
  ],
  'es-ES': [
    [/^mil$/i, 1e3],
    [/^(?:mill[oó]n|millones)(?: de)?$/i, 1e6],
    [/^mil millones(?: de)?$/i, 1e9],
  ],
  'fr-FR': [
    [/^mille$/i, 1e3],
    [/^millions?(?: de| d')?$/i, 1e6],
    [/^milliards?(?: de| d')?$/i, 1e9],
  ],
};

/**
 * The number that a whole phrase writes with its language's separators or words: `1.200,50` is 1200.5 in German and
 * nothing in English, where it could mean two things. `null` also beyond 15 digits, which a JSON number does not hold.
 */
export function numberOfPhrase(phrase: string, language: Language): number | null {
  const text = phrase.trim();
  const plain = inDigits(text, language) ?? inWords(text, language);
  if (plain !== null) return plain;
  const scaled = /^(?<amount>[^\p{L}]*\d|\p{L}+)[ \u00a0\u202f]?(?<scale>\p{L}.*)$/u.exec(text)?.groups;
  const factor = scales[language].find(([words]) => words.test(scaled?.scale ?? ''))?.[1];
  if (scaled?.amount === undefined || factor === undefined) return null;
  const amount = inDigits(scaled.amount, language) ?? inWords(scaled.amount, language);
  return amount === null ? null : exact(amount * factor);
}

function inDigits(text: string, language: Language): number | null {
  const { group, decimal } = separators[language];
  const form = new RegExp(
    `^(?<sign>[+\\u2212-])?${spaces}?(?<whole>\\d+|\\d{1,3}(?:(?<group>${group})\\d{3})(?:\\k<group>\\d{3})*)(?:${decimal}(?<decimals>\\d+))?$`,
  );
  const groups = form.exec(text)?.groups;
  if (groups === undefined) return null;
  const whole = (groups.whole ?? '').replace(/\D/g, '');
  const decimals = groups.decimals ?? '';
  if (whole.replace(/^0+/, '').length + decimals.length > 15) return null;
  const value = Number(`${whole}.${decimals === '' ? '0' : decimals}`);
  return groups.sign === undefined || groups.sign === '+' || value === 0 ? value : -value;
}

/** Words up to 99; the article is not a number. */
function inWords(text: string, language: Language): number | null {
  const grammar = grammarOf(language);
  const word = fold(text, grammar.isGerman);
  return /^an?$/.test(word) && language.startsWith('en') ? null : (grammar.numbers.get(word) ?? null);
}

/** A product without the noise of binary fractions: 1.1 million is 1100000. */
function exact(value: number): number {
  return Number(value.toPrecision(15));
}
