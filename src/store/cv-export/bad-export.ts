import { MlopsError } from '../../errors.ts';

/** A place in an export: lines and columns count from 1, as in an editor. */
export interface Place {
  readonly line: number;
  readonly column?: number;
}

/** @param trouble what is wrong, and what to do */
export function badExport(file: string, place: Place | undefined, trouble: string, cause?: unknown): MlopsError {
  const where = [file, place?.line, place?.column].filter(part => part !== undefined).join(':');
  return new MlopsError('BAD_INPUT', `${where}: ${trouble}`, { where, cause });
}

const shortNumber = /^[+-]?(\d{0,3}([.,]\d{0,20})?([eE][+-]?\d{1,3})?\s?%?|nan|inf(inity)?)$/i;

/**
 * A cell's text for a message, after its column's name: only if it is a short number. In a file with misaligned columns any
 * other cell may hold customer text.
 */
export function shown(cell: string): string {
  if (cell === '') return ' is empty';
  return shortNumber.test(cell) ? ` is ${cell}` : '';
}

/** The names in a header that look like column names; without a header, its first row would be there. */
export function shownNames(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name, at) => (/^[A-Za-z_]{1,40}$/.test(name) ? name : `(column ${at + 1})`));
  return [...shown, ...(names.length > 20 ? ['…'] : [])].join(', ');
}
