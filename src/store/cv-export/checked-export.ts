import { ExportReader } from './export-reader.ts';
import { inspected, type ReadOptions } from './inspection.ts';

/**
 * Passes the bytes of an export through unchanged and checks them as `readExport` does, for storing an upload. The
 * consumer has the whole file only if nothing was thrown.
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
