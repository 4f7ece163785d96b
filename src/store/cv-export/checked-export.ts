import { ExportReader } from './export-reader.ts';
import { inspected, type ReadOptions } from './inspection.ts';

/**
 * Gives the bytes of an export on as they are, and checks them on the way as `readExport` does: for taking a file in.
 * Who consumes it has the whole file only where nothing was thrown.
 *
 * @throws MlopsError BAD_INPUT, as `readExport`, after at most 1 MiB more of the file than up to the place
 */
export function checkedExport(
  source: AsyncIterable<Uint8Array>,
  file: string,
  options: ReadOptions = {},
): AsyncGenerator<Uint8Array> {
  return inspected(source, file, new ExportReader(file), options);
}
