import { appearance } from '../skill-training/look-alikes.ts';

/** Letters of other scripts that are drawn as Latin ones, in lower case. */
const drawnAs: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ['а', 'a'],
    ['α', 'a'],
    ['е', 'e'],
    ['ε', 'e'],
    ['о', 'o'],
    ['ο', 'o'],
    ['р', 'p'],
    ['ρ', 'p'],
    ['с', 'c'],
    ['у', 'y'],
    ['υ', 'u'],
    ['х', 'x'],
    ['χ', 'x'],
    ['і', 'i'],
    ['ι', 'i'],
    ['ı', 'i'],
    ['ј', 'j'],
    ['ѕ', 's'],
    ['ԁ', 'd'],
    ['һ', 'h'],
    ['ν', 'v'],
    ['κ', 'k'],
    ['к', 'k'],
    ['м', 'm'],
    ['т', 't'],
    ['τ', 't'],
    ['в', 'b'],
    ['н', 'h'],
    ['‐', '-'],
    ['‑', '-'],
    ['–', '-'],
    ['—', '-'],
    ['−', '-'],
  ].map(([other = '', latin = '']) => [other, latin]),
);

/** Ids that are read as the same but are not. */
export interface LookAlikes {
  /** Of the export, and not an intent of the tenant. */
  readonly intentId: string;
  /** Of the tenant, or another one of the export. */
  readonly like: string;
  readonly isInTenant: boolean;
}

/**
 * For each id of the export that the tenant does not have: the id that it was probably meant to be. They differ in
 * spaces, letter case, invisible characters, Unicode form, or letters of another script.
 * @param others ids of the export
 */
export function lookAlikeIds(
  skipped: readonly string[],
  tenantIds: readonly string[],
  others: readonly string[],
): LookAlikes[] {
  const known = new Map<string, { readonly id: string; readonly isInTenant: boolean }>();
  for (const id of [...others].reverse()) known.set(drawing(id), { id, isInTenant: false });
  for (const id of [...tenantIds].reverse()) known.set(drawing(id), { id, isInTenant: true });
  return skipped.flatMap(intentId => {
    const found = known.get(drawing(intentId));
    if (found === undefined || found.id === intentId) return [];
    return [{ intentId, like: found.id, isInTenant: found.isInTenant }];
  });
}

function drawing(id: string): string {
  return appearance(id).replace(/[^\x20-\x7e]/gu, character => drawnAs[character] ?? character);
}

/** An id with the code points of all characters that are not ASCII: `"caf\u{e9}"`. */
export function withCodePoints(id: string): string {
  return JSON.stringify(id).replace(
    /[^\x20-\x7e]/gu,
    character => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
