import { type DateContext, resolveDate } from './dates/resolve.ts';
import type { Normalized } from './normalized.ts';
import { moneyOf } from './numbers/money.ts';
import { numberOfPhrase } from './numbers/number.ts';
import { percentageOf } from './numbers/percentage.ts';
import { phoneNumberOf } from './phone.ts';

/** The kind of each entity name that has one. */
const kinds: ReadonlyMap<string, Normalized['kind']> = new Map<string, Normalized['kind']>([
  ['date', 'date'],
  ['time', 'date'],
  ['datetime', 'date'],
  ['number', 'number'],
  ['money', 'money'],
  ['percentage', 'percentage'],
  ['phone', 'phone'],
  ['phone_number', 'phone'],
  ['phonenumber', 'phone'],
]);

/**
 * What the words of an entity mean; `null` where the name is of no such kind, and where the words cannot be resolved as
 * a whole.
 * @param name of the entity, without regard to case
 * @param words exactly those of the entity's span
 */
export function normalizedOf(name: string, words: string, context: DateContext): Normalized | null {
  const { language } = context;
  switch (kinds.get(name.trim().toLowerCase())) {
    case 'date': {
      const date = resolveDate(words, context);
      if (date === null) return null;
      const { value, grain, alternatives } = date;
      return alternatives.length === 0
        ? { kind: 'date', value, grain }
        : { kind: 'date', value, grain, alternatives: [...alternatives] };
    }
    case 'number':
      return valued('number', numberOfPhrase(words, language));
    case 'percentage':
      return valued('percentage', percentageOf(words, language));
    case 'money': {
      const money = moneyOf(words, language);
      return money === null ? null : { kind: 'money', ...money };
    }
    case 'phone': {
      const value = phoneNumberOf(words, language);
      return value === null ? null : { kind: 'phone', value };
    }
    case undefined:
      return null;
  }
}

function valued(kind: 'number' | 'percentage', value: number | null): Normalized | null {
  return value === null ? null : { kind, value };
}
