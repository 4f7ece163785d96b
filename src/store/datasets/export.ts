import { createWriteStream } from 'node:fs';
import { extname, resolve } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { columns } from '../../domain/dataset/row.ts';
import { isTraining } from '../../domain/dataset/split.ts';
import { MlopsError, systemCode } from '../../errors.ts';
import { privateFile } from '../artifacts/private.ts';
import { replaceFile, unwritable } from '../output-file.ts';
import type { Datasets } from './datasets.ts';
import { rowsOf } from './rows.ts';

export interface ExportOptions {
  readonly dataset: string;
  readonly version?: number | undefined;
  /** The file for the kept rows. With `split`, the two files' names are derived from it. */
  readonly out: string;
  /** The file for the removed rows, if any. */
  readonly removed?: string | undefined;
  readonly format: ExportFormat;
  /** Splits the rows in two by interaction: no conversation is on both sides. */
  readonly split?: { readonly share: number; readonly seed: number } | undefined;
}

/** Means standard output in place of a file. */
const standardOutput = '-';

export const exportFormats = ['csv', 'jsonl'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** The files and rows written. */
export interface Exported {
  readonly version: number;
  readonly rows: number;
  readonly files: readonly { readonly file: string; readonly rows: number }[];
  /** Texts with half a surrogate pair, which UTF-8 cannot hold: U+FFFD stands for it in CSV. */
  readonly alteredTexts: number;
}

interface Written {
  readonly rows: number;
  readonly alteredTexts: number;
}

/**
 * Writes a dataset to files, which appear whole or not at all: all parts in order, under the header of the contract.
 * @throws MlopsError DATASET_NOT_FOUND, DATASET_DAMAGED, STORE_UNWRITABLE
 */
export async function exportDataset(datasets: Datasets, options: ExportOptions): Promise<Exported> {
  const { split, out } = options;
  if (split !== undefined && out === standardOutput)
    throw new MlopsError(
      'BAD_INPUT',
      'a split makes two files, which standard output cannot hold: give the name of a file',
      { field: 'split' },
    );
  const sides = split === undefined ? [out] : [sideName(out, 'train'), sideName(out, 'test')];
  if (options.removed !== undefined && sides.some(side => isSameFile(side, options.removed ?? '')))
    throw new MlopsError(
      'BAD_INPUT',
      'the removed rows and the dataset would be written to the same file: name another',
      {
        field: 'removed',
      },
    );
  const { number: version, entry } = await datasets.version(options.dataset, options.version);
  const records = () => rowsOf(datasets, entry, 'kept');
  const files =
    split === undefined
      ? [await write(out, options.format, records())]
      : [
          await write(sideName(out, 'train'), options.format, sideOf(records(), split, true)),
          await write(sideName(out, 'test'), options.format, sideOf(records(), split, false)),
        ];
  const rows = files.reduce((sum, each) => sum + each.rows, 0);
  if (options.removed !== undefined)
    files.push(await write(options.removed, options.format, rowsOf(datasets, entry, 'removed')));
  const alteredTexts = files.reduce((sum, each) => sum + each.alteredTexts, 0);
  return { version, rows, files: files.map(({ file, rows: count }) => ({ file, rows: count })), alteredTexts };
}

async function* sideOf(
  records: AsyncIterable<string[]>,
  split: { share: number; seed: number },
  training: boolean,
): AsyncGenerator<string[]> {
  for await (const record of records)
    if (isTraining(record[0] ?? '', split.share, split.seed) === training) yield record;
}

function isSameFile(a: string, b: string): boolean {
  return resolve(a) === resolve(b);
}

/** `set.csv` → `set.train.csv`. */
function sideName(out: string, side: string): string {
  const ending = extname(out);
  return `${out.slice(0, out.length - ending.length)}.${side}${ending}`;
}

async function write(
  out: string,
  as: ExportFormat,
  records: AsyncIterable<string[]>,
): Promise<{ file: string } & Written> {
  if (out === standardOutput) return { file: out, ...(await writeTo(process.stdout, as, records)) };
  const written = await replaceFile(out, file => writeTo(createWriteStream(file, { mode: privateFile }), as, records));
  return { file: out, ...written };
}

/**
 * Writes the records. A reader may close the pipe early; then no more are written.
 * @returns how many were written
 */
async function writeTo(file: Writable, as: ExportFormat, records: AsyncIterable<string[]>): Promise<Written> {
  const written = { rows: 0, alteredTexts: 0 };
  const isStandardOutput = file === process.stdout;
  try {
    await pipeline(Readable.from(linesOf(as, records, written)), file, { end: !isStandardOutput });
    if (isStandardOutput) await flushed(file);
  } catch (error) {
    if (!isStandardOutput) throw error;
    if (systemCode(error) !== 'EPIPE') throw unwritable('standard output', error);
  }
  return written;
}

/** The export's text, some 64 KiB each time. @param written counts its rows */
export async function* linesOf(
  as: ExportFormat,
  records: AsyncIterable<string[]>,
  written: { rows: number; alteredTexts: number } = { rows: 0, alteredTexts: 0 },
): AsyncGenerator<string> {
  let lines = as === 'csv' ? csvLine(columns) : '';
  for await (const record of records) {
    written.rows++;
    // JSON escapes a lone surrogate; UTF-8 has no way to write it.
    if (as === 'csv') written.alteredTexts += record.filter(field => /\p{Cs}/u.test(field)).length;
    lines += as === 'csv' ? csvLine(record) : `${JSON.stringify(objectOf(record))}\n`;
    if (lines.length < 65_536) continue;
    yield lines;
    lines = '';
  }
  yield lines;
}

/** Resolves when everything is written, or rejects with its error. */
async function flushed(file: Writable): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    file.write('', error => (error == null ? resolve() : reject(error)));
  });
}

/** RFC 4180, with line feeds; every character is written unchanged. */
function csvLine(fields: readonly string[]): string {
  return `${fields.map(field => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',')}\n`;
}

/** A row as an object, with numbers where the columns hold numbers. */
export function objectOf(record: readonly string[]): Record<string, string | number> {
  const numeric: readonly string[] = ['rating', 'similarity_score', 'dedup_group'];
  return Object.fromEntries(
    columns.map((column, index) => [column, numeric.includes(column) ? Number(record[index]) : (record[index] ?? '')]),
  );
}
