import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { MlopsError, systemCode } from '../../errors.ts';
import { whyUnreadable } from '../../unreadable-file.ts';

/** A line of a file that has something on it. */
export interface FilledLine {
  readonly text: string;
  /** `FILE:LINE`. */
  readonly place: string;
}

/**
 * The lines of a file, plain or compressed (a name that ends in `.gz`), without the empty ones.
 *
 * @throws BAD_INPUT with `FILE:LINE` for a line that is not UTF-8, and with `FILE` for a file that cannot be read.
 */
export async function* filledLines(file: string): AsyncGenerator<FilledLine> {
  let number = 0;
  for await (const line of linesOf(file)) {
    number += 1;
    const place = `${file}:${number}`;
    const text = decoded(line, place);
    if (text.trim() !== '') yield { text, place };
  }
}

/**
 * The lines of a file as bytes, without the empty ones and without a byte order mark.
 *
 * @throws BAD_INPUT with `FILE` for a file that cannot be read.
 */
export async function* filledBytes(
  file: string,
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly place: string }> {
  let number = 0;
  for await (const line of linesOf(file)) {
    number += 1;
    const isMarked = number === 1 && line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf;
    const bytes = isMarked ? line.subarray(3) : line;
    // A copy: the line is a part of a chunk that would be kept with it.
    if (bytes.some(byte => byte > 0x20)) yield { bytes: Uint8Array.from(bytes), place: `${file}:${number}` };
  }
}

/** The value of a line. @throws BAD_INPUT when it is not JSON; `what` names what each line of the file holds. */
export function jsonOf(text: string, place: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the line, which may be a customer's text.
    throw badInput(place, `the line is not JSON. Write ${what} as one JSON object a line.`);
  }
}

/** An error in a file and its position. */
export function badInput(where: string, what: string, cause?: unknown): MlopsError {
  return new MlopsError('BAD_INPUT', `${where}: ${what}`, { where, cause });
}

/**
 * The lines of a file as bytes. Split at the newline byte alone: Node's own line reader also splits at U+2028, which
 * may occur inside a JSON string.
 */
async function* linesOf(file: string): AsyncGenerator<Uint8Array> {
  const newline = 0x0a;
  let rest = Buffer.alloc(0);
  try {
    for await (const chunk of bytesOf(file)) {
      let from = 0;
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
        yield rest.length === 0 ? chunk.subarray(from, end) : Buffer.concat([rest, chunk.subarray(from, end)]);
        rest = Buffer.alloc(0);
        from = end + 1;
      }
      rest = Buffer.concat([rest, chunk.subarray(from)]);
    }
  } catch (error) {
    throw unreadable(file, error);
  }
  if (rest.length > 0) yield rest;
}

async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  const stream = createReadStream(file);
  if (!file.endsWith('.gz')) {
    yield* stream;
    return;
  }
  const unpacked = createGunzip();
  stream.on('error', error => unpacked.destroy(error));
  try {
    yield* stream.pipe(unpacked);
  } finally {
    stream.destroy();
  }
}

function decoded(line: Uint8Array, place: string): string {
  try {
    // Strips a byte order mark, and refuses what is not UTF-8 rather than altering a text.
    return new TextDecoder('utf-8', { fatal: true }).decode(line);
  } catch {
    throw badInput(place, 'the line is not UTF-8. Convert the file.');
  }
}

function unreadable(file: string, error: unknown): unknown {
  if (error instanceof MlopsError) return error;
  const packed: Readonly<Record<string, string>> = {
    Z_DATA_ERROR: 'the file is not gzip, or damaged',
    Z_BUF_ERROR: 'the compressed file ends too early. Copy it again',
  };
  const why = packed[systemCode(error) ?? ''] ?? whyUnreadable(error);
  return why === null ? error : badInput(file, why, error);
}
