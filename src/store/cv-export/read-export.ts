import { Samples } from '../../domain/roc/samples.ts';
import { ExportReader } from './export-reader.ts';
import { inspected, type ReadOptions } from './inspection.ts';

/** What an export holds. */
export interface CrossValidation {
  readonly samples: Samples;
  readonly rows: number;
}

/**
 * Reads a cross-validation export: CSV in UTF-8 (RFC 4180), plain or gzip, with the columns `intent_id`, `actual_label`
 * (0 or 1) and `predicted_confidence` (from 0 to 1) in any order, among others. One pass; besides the samples it holds
 * about 1 MiB.
 *
 * @param source the file's bytes
 * @param file the name to use in errors
 * @throws MlopsError BAD_INPUT with the first error's place as `FILE:LINE:COLUMN`; errors of `source`
 */
export async function readExport(
  source: AsyncIterable<Uint8Array>,
  file: string,
  options: ReadOptions = {},
): Promise<CrossValidation> {
  const samples = new Samples();
  const reader = new ExportReader(file, samples);
  for await (const _ of inspected(source, file, reader, options));
  return { samples, rows: reader.rows };
}
