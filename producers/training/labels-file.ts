import { parseString } from 'fast-csv';
import { z } from 'zod';
import { headerHint } from '../../src/domain/csv/header-hint.ts';
import type { LabelRow } from '../../src/domain/skill-training/label-join.ts';
import { MlopsError } from '../../src/errors.ts';

/** Names of the columns that are read, the preferred one first. */
const utteranceColumns = ['utterance', 'text', 'user_utterance'] as const;
const labelColumns = ['label', 'intent', 'category'] as const;

export interface LabelsFile {
  readonly rows: readonly LabelRow[];
  /** Which columns were read where several could be meant; for people. */
  readonly notes: readonly string[];
}

/**
 * Reads a labels file: CSV with a header that has `utterance` (or `text`, `user_utterance`) and `label` (or `intent`,
 * `category`). Where it has several of these, the first in this order is read, whatever the order in the file.
 * @throws MlopsError BAD_INPUT with FILE:LINE: a missing or doubled column, a row of another length than the header, a
 *   wrong quote
 */
export async function readLabels(text: string, file: string): Promise<LabelsFile> {
  const rows: LabelRow[] = [];
  const notes: string[] = [];
  let columns: Columns | null = null;
  let line = 1;
  try {
    for await (const row of parseString(text, { headers: false })) {
      const cells = z.array(z.string()).parse(row);
      if (!isBlank(cells)) {
        if (columns === null) {
          columns = columnsOf(cells, `${file}:${line}`);
          notes.push(...columns.notes);
        } else rows.push({ line, ...rowOf(cells, columns, `${file}:${line}`) });
      }
      line += 1 + cells.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
    }
  } catch (error) {
    if (error instanceof MlopsError) throw error;
    const where = `${file}:${lineOfBadQuote(text) ?? line}`;
    throw bad(where, 'not valid CSV: a quote is not closed, or is inside a field without quotes');
  }
  if (columns === null) throw new MlopsError('BAD_INPUT', `${file} is empty`, { where: file });
  return { rows, notes };
}

interface Columns {
  readonly utterance: number;
  readonly label: number;
  readonly count: number;
  readonly notes: readonly string[];
}

function columnsOf(header: readonly string[], where: string): Columns {
  const names = header.map(name => name.replace(/^\uFEFF/, '').trim());
  const doubled = names.find((name, index) => name !== '' && names.indexOf(name) < index);
  if (doubled !== undefined)
    throw bad(where, `the header has the column ${shown(doubled)} twice. Rename or remove one of the two`);
  const [utterance, label] = [choose(names, utteranceColumns), choose(names, labelColumns)];
  if (utterance.at >= 0 && label.at >= 0)
    return {
      utterance: utterance.at,
      label: label.at,
      count: names.length,
      notes: [...utterance.notes, ...label.notes],
    };
  const missing = [
    ...(utterance.at < 0 ? [utteranceColumns.join(' or ')] : []),
    ...(label.at < 0 ? [labelColumns.join(' or ')] : []),
  ];
  const hint = headerHint(header, [...utteranceColumns, ...labelColumns]);
  throw bad(where, hint ?? `missing column: ${missing.join(', ')}`);
}

function choose(names: readonly string[], wanted: readonly string[]): { at: number; notes: string[] } {
  const [first, ...others] = wanted.filter(name => names.includes(name));
  if (first === undefined) return { at: -1, notes: [] };
  const notes = others.length > 0 ? [`the column ${first} is read, not ${others.join(' or ')}`] : [];
  return { at: names.indexOf(first), notes };
}

function rowOf(cells: readonly string[], columns: Columns, where: string): Omit<LabelRow, 'line'> {
  const { length } = cells;
  if (length !== columns.count)
    throw bad(
      where,
      `the row has ${length === 1 ? '1 field' : `${length} fields`}, the header has ${columns.count}. Put fields that hold commas or line ends in quotes`,
    );
  return { utterance: cells[columns.utterance] ?? '', label: cells[columns.label] ?? '' };
}

function isBlank(cells: readonly string[]): boolean {
  return cells.length < 2 && (cells[0] ?? '').trim() === '';
}

/** A file without a header has its first row there, which may hold a customer's text. */
function shown(name: string): string {
  return /^[A-Za-z_]{1,40}$/.test(name) ? name : `(a name of ${name.length} characters)`;
}

function bad(where: string, trouble: string): MlopsError {
  return new MlopsError('BAD_INPUT', `${where}: ${trouble}`, { where });
}

/** The line on which the first field with a wrong quote begins; the parser does not report it. */
function lineOfBadQuote(text: string): number | null {
  const field = /"(?:[^"]|"")*"(?=[,\r\n]|$)|[^",\r\n][^,\r\n]*|(?=[,\r\n])/y;
  let line = 1;
  for (let at = 0; at < text.length; ) {
    field.lastIndex = at;
    const found = field.exec(text)?.[0];
    if (found === undefined) return line;
    at += found.length;
    line += found.split('\n').length - 1;
    if (text[at] === '\n') line += 1;
    at += 1;
  }
  return null;
}
