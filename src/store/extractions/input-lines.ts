import { describeInvalid } from '../../domain/entity/invalid-field.ts';
import { checkRequest, type RequestDefaults, type ResolvedRequest } from '../../domain/entity/request.ts';

/** A line of a batch's file. Lines are numbered from 1, empty ones included. */
export type InputLine =
  | { readonly kind: 'request'; readonly line: number; readonly request: ResolvedRequest }
  | { readonly kind: 'rejected'; readonly line: number; readonly message: string }
  | { readonly kind: 'empty'; readonly line: number };

export interface InputTerms {
  /** The longest text, in KB of UTF-8. */
  readonly maxTextKb: number;
  readonly defaults: RequestDefaults;
}

const newline = 0x0a;
/** A line also holds the other fields; a character of a text may be written as six. */
const otherFieldsBytes = 64 * 1024;
const longestEscape = 6;

/**
 * The lines of a batch's file, one JSON object each. A byte order mark before the first one, CRLF and a missing last line
 * end are accepted. No more than one line is held in memory, and of a line that is too long not even that.
 */
export async function* inputLines(content: AsyncIterable<Uint8Array>, terms: InputTerms): AsyncGenerator<InputLine> {
  const mostBytes = terms.maxTextKb * 1024 * longestEscape + otherFieldsBytes;
  let line = 0;
  for await (const bytes of split(content, mostBytes)) {
    line += 1;
    yield bytes === null
      ? {
          kind: 'rejected',
          line,
          message: `is longer than ${mostBytes} bytes: text must have at most ${terms.maxTextKb} KB`,
        }
      : checkedLine(line, bytes, terms);
  }
}

function checkedLine(line: number, bytes: Uint8Array, { maxTextKb, defaults }: InputTerms): InputLine {
  const text = decoded(bytes, line === 1);
  if (text === null) return { kind: 'rejected', line, message: 'is not UTF-8' };
  if (text.trim() === '') return { kind: 'empty', line };
  const json = parsed(text);
  if (json === undefined) return { kind: 'rejected', line, message: 'is not valid JSON' };
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return { kind: 'rejected', line, message: 'is not a JSON object' };
  const checked = checkRequest(json, maxTextKb, defaults);
  if (!checked.ok) return { kind: 'rejected', line, message: describeInvalid(checked.invalid) };
  return { kind: 'request', line, request: checked.request };
}

function decoded(bytes: Uint8Array, isFirst: boolean): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: !isFirst }).decode(bytes);
  } catch {
    return null;
  }
}

/** `undefined`: not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The lines as bytes; `null` for one that is longer than `mostBytes`. */
async function* split(content: AsyncIterable<Uint8Array>, mostBytes: number): AsyncGenerator<Uint8Array | null> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  const add = (piece: Uint8Array) => {
    length += piece.byteLength;
    if (length <= mostBytes) pieces.push(piece);
    else pieces = [];
  };
  const end = () => {
    const line = length > mostBytes ? null : pieces.length === 1 ? (pieces[0] ?? null) : Buffer.concat(pieces);
    pieces = [];
    length = 0;
    return line;
  };
  for await (const chunk of content) {
    let from = 0;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
      add(chunk.subarray(from, at));
      yield end();
      from = at + 1;
    }
    if (from < chunk.byteLength) add(chunk.subarray(from));
  }
  if (length > 0) yield end();
}
