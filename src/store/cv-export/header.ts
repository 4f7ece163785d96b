import { badExport, type Place, shownNames } from './bad-export.ts';

const required = ['intent_id', 'actual_label', 'predicted_confidence'] as const;

/** The positions of the columns, counted from 0. */
export interface Columns {
  readonly intentId: number;
  readonly label: number;
  readonly confidence: number;
  readonly count: number;
}

/**
 * @param placeOf the place of a name in the header
 * @throws MlopsError BAD_INPUT if a required column is missing or appears twice
 */
export function columnsOf(names: readonly string[], file: string, placeOf: (column: number) => Place): Columns {
  const missing = required.filter(name => !names.includes(name));
  if (missing.length > 0) {
    const trouble = `the header has no ${missing.join(' and no ')}, but ${shownNames(names)}. The first line names the columns: ${required.join(', ')}, in any order, separated by commas`;
    throw badExport(file, placeOf(0), trouble);
  }
  for (const name of required) {
    const again = names.indexOf(name, names.indexOf(name) + 1);
    if (again >= 0)
      throw badExport(file, placeOf(again), `the header has ${name} twice. Rename or remove one of the two`);
  }
  return {
    intentId: names.indexOf('intent_id'),
    label: names.indexOf('actual_label'),
    confidence: names.indexOf('predicted_confidence'),
    count: names.length,
  };
}
