import { createWriteStream } from 'node:fs';
import { mkdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type FormatterRowArray, format } from 'fast-csv';
import type { Manifest } from '../../domain/dataset/manifest.ts';
import { columns, keptRecord, removedRecord } from '../../domain/dataset/row.ts';
import { isTraining } from '../../domain/dataset/split.ts';
import { MlopsError, systemCode } from '../../errors.ts';
import { privateFile, privateFolder } from '../artifacts/private.ts';
import type { Datasets } from './datasets.ts';

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
}

/**
 * Writes a dataset to files, which appear whole or not at all: all parts in order, under the header of the contract.
 * @throws MlopsError DATASET_NOT_FOUND, DATASET_DAMAGED, STORE_UNWRITABLE
 */
export async function exportDataset(datasets: Datasets, options: ExportOptions): Promise<Exported> {
  if (options.removed === options.out)
    throw new MlopsError(
      'BAD_INPUT',
      'the removed rows and the dataset would be written to the same file: name another',
      {
        field: 'removed',
      },
    );
  const { number: version, entry } = await datasets.version(options.dataset, options.version);
  const { split, out } = options;
  const records = () => keptRecords(datasets, entry);
  const files =
    split === undefined
      ? [await write(out, options.format, records())]
      : [
          await write(sideName(out, 'train'), options.format, sideOf(records(), split, true)),
          await write(sideName(out, 'test'), options.format, sideOf(records(), split, false)),
        ];
  const rows = files.reduce((sum, each) => sum + each.rows, 0);
  if (options.removed !== undefined)
    files.push(await write(options.removed, options.format, removedRecords(datasets, entry)));
  return { version, rows, files };
}

async function* keptRecords(datasets: Datasets, { dataset, parts }: Manifest): AsyncGenerator<string[]> {
  for (const part of parts) {
    const rows = await datasets.keptRows(dataset, part);
    for (const [index, row] of rows.entries()) yield keptRecord(row, part.firstGroup + index);
  }
}

async function* removedRecords(datasets: Datasets, { dataset, parts }: Manifest): AsyncGenerator<string[]> {
  for (const part of parts) for (const row of await datasets.removedRows(dataset, part)) yield removedRecord(row);
}

async function* sideOf(
  records: AsyncIterable<string[]>,
  split: { share: number; seed: number },
  training: boolean,
): AsyncGenerator<string[]> {
  for await (const record of records)
    if (isTraining(record[0] ?? '', split.share, split.seed) === training) yield record;
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
): Promise<{ file: string; rows: number }> {
  if (out === standardOutput) return { file: out, rows: await writeTo(process.stdout, as, records) };
  const file = await regularFile(out);
  const temporary = `${file}.${process.pid}.part`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: privateFolder });
    const rows = await writeTo(createWriteStream(temporary, { mode: privateFile }), as, records);
    await rename(temporary, file);
    return { file: out, rows };
  } catch (error) {
    await rm(temporary, { force: true });
    const code = systemCode(error);
    if (code === undefined || error instanceof MlopsError) throw error;
    throw new MlopsError('STORE_UNWRITABLE', `cannot write ${out}: ${code}`, { where: out, cause: error });
  }
}

/** A link is followed; a folder or a device must not be replaced by a file. */
async function regularFile(path: string): Promise<string> {
  const info = await stat(path).catch(() => null);
  if (info === null) return path;
  if (info.isFile()) return await realpath(path);
  throw new MlopsError('BAD_INPUT', `${path} is not a file; "${standardOutput}" means standard output`, {
    where: path,
  });
}

async function writeTo(file: Writable, as: ExportFormat, records: AsyncIterable<string[]>): Promise<number> {
  const rows =
    as === 'csv'
      ? format<FormatterRowArray, FormatterRowArray>({
          headers: [...columns],
          alwaysWriteHeaders: true,
          includeEndRowDelimiter: true,
        })
      : null;
  rows?.pipe(file, { end: file !== process.stdout });
  const sink: Writable = rows ?? file;
  const done = finished(file === process.stdout ? sink : file);
  // A failing disk must end the loop below, not only the stream.
  let failed: unknown = null;
  done.catch((error: unknown) => {
    failed = error;
  });
  let count = 0;
  for await (const record of records) {
    if (failed !== null) break;
    const isRoomLeft = sink.write(as === 'csv' ? record : `${JSON.stringify(objectOf(record))}\n`);
    if (!isRoomLeft) await Promise.race([new Promise(resolve => sink.once('drain', resolve)), done]);
    count++;
  }
  if (sink !== process.stdout) {
    sink.end();
    await done;
  }
  return count;
}

function objectOf(record: readonly string[]): Record<string, string | number> {
  const numeric: readonly string[] = ['rating', 'similarity_score', 'dedup_group'];
  return Object.fromEntries(
    columns.map((column, index) => [column, numeric.includes(column) ? Number(record[index]) : (record[index] ?? '')]),
  );
}
