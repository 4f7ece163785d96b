import type { Language } from '../language.ts';
import { type Currency, currencyOf } from './currency.ts';
import { numberOfPhrase } from './number.ts';

/** An amount, and its ISO 4217 currency where that is named. */
export interface Money {
  readonly value: number;
  readonly currency?: string;
}

const and: Readonly<Record<Language, RegExp>> = {
  'en-US': /\s+and\s+|\s*,\s+|\s+/i,
  'en-GB': /\s+and\s+|\s*,\s+|\s+/i,
  'de-DE': /\s+und\s+|\s+/i,
  'es-ES': /\s+(?:y|con)\s+|\s+/i,
  'fr-FR': /\s+et\s+|\s+/i,
};

/** The amount of money that a whole phrase names: `$1,200.50`, `12,50 €`, `5 dollars and 20 cents`. `null`: none. */
export function moneyOf(phrase: string, language: Language): Money | null {
  const text = phrase.trim();
  const amount = numberOfPhrase(text, language);
  if (amount !== null) return { value: amount };
  const one = amountOf(text, language);
  return one === null ? inTwoUnits(text, language) : moneyIn(one.value / one.currency.parts, one.currency);
}

interface Amount {
  readonly value: number;
  readonly currency: Currency;
}

const currencyFirst = /^(?<sign>[+\u2212-])?(?<name>[^\d\s+\u2212-]+)\s*(?<amount>[+\u2212-]?\d.*)$/u;
const currencyLast = /^(?<amount>.*?[\d\p{L}])\s*(?<name>[^\d\s.,]+(?:\s[^\d\s]+)?)$/u;

function amountOf(text: string, language: Language): Amount | null {
  for (const form of [currencyFirst, currencyLast]) {
    for (const { sign = '', amount, name } of splits(text, form)) {
      const currency = currencyOf(name, language);
      const value = currency === null ? null : numberOfPhrase(`${sign}${amount}`, language);
      if (currency !== null && value !== null) return { value, currency };
    }
  }
  return null;
}

interface Split {
  readonly sign?: string | undefined;
  readonly amount: string;
  readonly name: string;
}

/** The ways to take an amount and a currency apart: a name of one word, or of two. */
function splits(text: string, form: RegExp): Split[] {
  const groups = form.exec(text)?.groups;
  const found: Split[] = [];
  if (groups?.amount !== undefined && groups.name !== undefined) {
    found.push({ sign: groups.sign, amount: groups.amount, name: groups.name });
  }
  const space = text.lastIndexOf(' ');
  if (form === currencyLast && space > 0) found.push({ amount: text.slice(0, space), name: text.slice(space + 1) });
  return found;
}

function inTwoUnits(text: string, language: Language): Money | null {
  for (const between of text.matchAll(new RegExp(and[language], 'gi'))) {
    const major = amountOf(text.slice(0, between.index), language);
    const minor = amountOf(text.slice(between.index + between[0].length), language);
    if (major === null || minor === null || major.currency.parts !== 1 || minor.currency.parts !== 100) continue;
    const isWhole = Number.isInteger(major.value) && Number.isInteger(minor.value);
    if (!isWhole || major.value < 0 || minor.value < 0 || minor.value > 99 || !areOfOne(major.currency, minor.currency))
      continue;
    return moneyIn((major.value * 100 + minor.value) / 100, major.currency);
  }
  return null;
}

/** A minor unit without a code of its own, or `cents` of another currency's word, follows the major one. */
function areOfOne(major: Currency, minor: Currency): boolean {
  return major.code === null || minor.code === null || major.code === minor.code || minor.code !== 'GBP';
}

function moneyIn(value: number, { code }: Currency): Money {
  const rounded = Number(value.toPrecision(15));
  return code === null ? { value: rounded } : { value: rounded, currency: code };
}
