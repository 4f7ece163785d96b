import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { interaction } from '../../domain/interaction/interaction.ts';
import { MlopsError, systemCode } from '../../errors.ts';
import { faultOf, type StoredRecord } from '../interactions/record.ts';

/**
 * Reads conversation logs, one interaction a line, plain or compressed (a name that ends in `.gz`), as a corpus for
 * `startSandbox`. Empty lines are skipped, and fields that we do not know are kept.
 *
 * @throws BAD_INPUT, with `FILE:LINE` and the field, for a line that is no interaction or repeats an id (also one of
 *   another file), and with `FILE` for one that cannot be read.
 */
export async function loadCorpus(files: readonly string[]): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  const places = new Map<string, string>();
  for (const file of files) {
    let number = 0;
    for await (const line of linesOf(file)) {
      number += 1;
      const place = `${file}:${number}`;
      const text = decoded(line, place);
      if (text.trim() === '') continue;
      const record = readRecord(text, place);
      const earlier = places.get(record.id);
      if (earlier !== undefined)
        throw bad(place, `the id ${record.id} is at ${earlier} already. Remove one of the two lines.`);
      places.set(record.id, place);
      records.push(record);
    }
  }
  return records;
}

function readRecord(text: string, place: string): StoredRecord & { id: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the line, which is a customer's text.
    throw bad(place, 'the line is not JSON. Write one interaction as one JSON object a line.');
  }
  const fault = faultOf(value);
  if (fault !== null)
    throw bad(
      place,
      `${fault}. An interaction is {id, timestamp, botId, rating, messages: [{from, text, timestamp}]}.`,
    );
  const { id, timestamp } = interaction.parse(value);
  return { id, at: Date.parse(timestamp), json: text.trim() };
}

/**
 * The lines of a file as bytes. Split at the newline byte alone: Node's own line reader also splits at U+2028, which
 * may stand inside a JSON string.
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
    throw bad(place, 'the line is not UTF-8. Convert the file.');
  }
}

function unreadable(file: string, error: unknown): unknown {
  if (error instanceof MlopsError) return error;
  const code = systemCode(error);
  if (code === undefined) return error;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file.',
    EISDIR: 'this is a folder. Name the files in it.',
    EACCES: 'the file may not be read. Check its permissions.',
    Z_DATA_ERROR: 'the file is not gzip, or damaged.',
    Z_BUF_ERROR: 'the compressed file ends too early. Copy it again.',
  };
  return bad(file, reasons[code] ?? `the file cannot be read (${code}).`, error);
}

function bad(where: string, what: string, cause?: unknown): MlopsError {
  return new MlopsError('BAD_INPUT', `${where}: ${what}`, { where, cause });
}
