import { addAbortSignal, Readable } from 'node:stream';
import { isCoded } from '../../errors.ts';
import { whyUnreadable } from '../../unreadable-file.ts';
import { badExport } from './bad-export.ts';
import type { ExportReader } from './export-reader.ts';

export interface ReadOptions {
  /** Aborts the reading, which throws its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The bytes of `source`, each chunk after `reader` has taken it; closes the reader. */
export async function* inspected(
  source: AsyncIterable<Uint8Array>,
  file: string,
  reader: ExportReader,
  { signal }: ReadOptions,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of signal === undefined ? source : stoppable(source, signal)) {
      await reader.push(chunk);
      refuseTooMany(reader.rows, file);
      yield chunk;
    }
    signal?.throwIfAborted();
    await reader.end();
  } catch (error) {
    signal?.throwIfAborted();
    throw unreadable(error, file);
  } finally {
    reader.close();
  }
}

/** A row takes 12 bytes of memory, and 8 more during tuning. */
const mostRows = 100_000_000;

function refuseTooMany(rows: number, file: string): void {
  if (rows <= mostRows) return;
  throw badExport(
    file,
    undefined,
    `there are more than ${mostRows.toLocaleString('en-US')} rows. Split the file by intent`,
  );
}

/** Ends with the signal, also while the source delivers nothing. */
async function* stoppable(source: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (source instanceof Readable) return yield* addAbortSignal(signal, source);
  signal.throwIfAborted();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  const chunks = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([chunks.next(), aborted]);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    const returned = Promise.resolve(chunks.return?.()).catch(() => undefined);
    // A source that delivers nothing does not return either.
    if (!signal.aborted) await returned;
  }
}

function unreadable(error: unknown, file: string): unknown {
  const why = isCoded(error) ? null : whyUnreadable(error);
  return why === null ? error : badExport(file, undefined, why, error);
}
