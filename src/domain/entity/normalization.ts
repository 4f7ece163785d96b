import { z } from 'zod';
import { type InvalidField, invalidFieldsOf, pathText } from './invalid-field.ts';

const word = z.string('must be a string').refine(text => text.trim() !== '', 'must not be blank');

const normalizationFile = z.strictObject(
  {
    /** By entity name, then by the platform's value: the word to use. */
    synonyms: z
      .record(z.string(), z.record(z.string(), word, 'must be an object of words'), 'must be an object of entity names')
      .default({}),
    /** The mapped values of `intent` that are kept; `null`: all of them. */
    allowedIntents: z.array(word, 'must be an array of intents, or null').nullable().default(null),
  },
  'must be an object with "synonyms" and "allowedIntents"',
);
/** Which word replaces which, and which intents are kept. */
export type Normalization = z.infer<typeof normalizationFile>;

/** The table that is used where no file is given. */
export const defaultNormalization: Normalization = {
  synonyms: {
    product: {
      'wireless headphones': 'WH-1000XM5',
      'bluetooth earbuds': 'BUDS-PRO',
      'noise cancelling headphones': 'WH-1000XM5',
    },
    intent: { refund: 'PROCESS_REFUND', return: 'PROCESS_RETURN', exchange: 'PROCESS_EXCHANGE' },
  },
  allowedIntents: ['PROCESS_REFUND', 'PROCESS_RETURN', 'PROCESS_EXCHANGE'],
};

export type CheckedNormalization =
  | { readonly ok: true; readonly normalization: Normalization }
  /** Every field that breaks a rule, never empty. */
  | { readonly ok: false; readonly invalid: readonly InvalidField[] };

/** The content of a normalization file, or every mistake in it with its place. */
export function checkNormalization(json: unknown): CheckedNormalization {
  const parsed = normalizationFile.safeParse(json);
  if (!parsed.success) return { ok: false, invalid: invalidFieldsOf(parsed.error, json, path => path.length === 0) };
  const invalid = contradictions(parsed.data);
  return invalid.length === 0 ? { ok: true, normalization: parsed.data } : { ok: false, invalid };
}

/** Words are matched without regard to case and surrounding space: two that meet must not map to different values. */
function contradictions({ synonyms }: Normalization): InvalidField[] {
  const seen = new Map<string, { readonly target: string; readonly field: string }>();
  return Object.entries(synonyms).flatMap(([name, table]) => {
    const blankName =
      name.trim() === '' ? [mistake(pathText(['synonyms', name]), name, 'must have an entity name')] : [];
    const words = Object.entries(table).flatMap(([from, target]) => {
      const field = pathText(['synonyms', name, from]);
      if (from.trim() === '') return [mistake(field, from, 'must not be blank')];
      const key = JSON.stringify([matchForm(name), matchForm(from)]);
      const earlier = seen.get(key);
      seen.set(key, earlier ?? { target, field });
      if (earlier === undefined || earlier.target === target) return [];
      return [mistake(field, target, `contradicts ${earlier.field}: case and surrounding space are ignored`)];
    });
    return [...blankName, ...words];
  });
}

function mistake(field: string, value: string, message: string): InvalidField {
  return { field, value, message };
}

/** A name or a word as it is compared. */
export function matchForm(text: string): string {
  return text.trim().normalize('NFC').toLowerCase();
}

/** Equal strings for tables that say the same in another order: what the table's hash is taken of. */
export function canonicalNormalization({ synonyms, allowedIntents }: Normalization): string {
  const sorted = (table: Readonly<Record<string, string>>) => Object.entries(table).sort(byKey);
  const names = Object.entries(synonyms).sort(byKey);
  return JSON.stringify([
    1,
    names.map(([name, table]) => [name, sorted(table)]),
    allowedIntents === null ? null : [...new Set(allowedIntents)].sort(),
  ]);
}

function byKey([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

/** A table that is ready to look words up in. */
export interface WordTable {
  /** The word that replaces the platform's value of an entity; without one, the value itself, trimmed. */
  wordFor(name: string, value: string): string;
  isAllowedIntent(word: string): boolean;
}

export function wordTable({ synonyms, allowedIntents }: Normalization): WordTable {
  const words = new Map<string, string>();
  for (const [name, table] of Object.entries(synonyms)) {
    for (const [from, to] of Object.entries(table)) words.set(JSON.stringify([matchForm(name), matchForm(from)]), to);
  }
  const allowed = allowedIntents === null ? null : new Set(allowedIntents);
  return {
    wordFor: (name, value) => words.get(JSON.stringify([matchForm(name), matchForm(value)])) ?? value.trim(),
    isAllowedIntent: each => allowed === null || allowed.has(each),
  };
}
