import { sealJson, sha256Of, unsealJson } from './sealed.ts';

/** A place in a log: an entry's number, and the SHA-256 of its bytes. */
export interface Position {
  readonly number: number;
  readonly sha256: string;
}

/** How an entry is written and read: `parse` throws on anything that is not an `Entry`. */
export interface EntryShape<Entry> {
  parse(json: unknown): Entry;
}

/** The bytes of an entry: its number, the hash of the entry before it (`null` for the first), and its content. */
export function encodeEntry(number: number, previous: string | null, entry: unknown): Buffer {
  return sealJson({ number, previous, entry });
}

/** An entry as read from the store. */
export type Decoded<Entry> =
  | { readonly kind: 'whole'; readonly position: Position; readonly previous: string | null; readonly entry: Entry }
  /** `damage` says what is wrong with the bytes at that number. */
  | { readonly kind: 'damaged'; readonly position: Position; readonly damage: string };

export function decodeEntry<Entry>(number: number, bytes: Buffer, shape: EntryShape<Entry>): Decoded<Entry> {
  const position = { number, sha256: sha256Of(bytes) };
  const damaged = (damage: string): Decoded<Entry> => ({ kind: 'damaged', position, damage });
  const json = unsealJson(bytes);
  if (json === undefined) return damaged('its content does not match its SHA-256');
  if (!isEnvelope(json)) return damaged('it does not parse as an entry of its log');
  if (json.number !== number) return damaged(`it holds entry ${json.number}`);
  if ((json.previous === null) !== (number === 1)) return damaged('its link to the entry before it is wrong');
  try {
    return { kind: 'whole', position, previous: json.previous, entry: shape.parse(json.entry) };
  } catch {
    return damaged('it does not parse as an entry of its log');
  }
}

interface Envelope {
  readonly number: number;
  readonly previous: string | null;
  readonly entry: unknown;
}

function isEnvelope(json: unknown): json is Envelope {
  if (typeof json !== 'object' || json === null) return false;
  if (!('number' in json && 'previous' in json && 'entry' in json)) return false;
  return typeof json.number === 'number' && (json.previous === null || typeof json.previous === 'string');
}

const digits = 12;
const entryName = /^\d{12}\.json$/;

/** The name of an entry's file. */
export function nameOfEntry(number: number): string {
  return `${String(number).padStart(digits, '0')}.json`;
}

/** The number of the entry with this file name; `null` for any other name. */
export function numberOfName(name: string): number | null {
  if (!entryName.test(name)) return null;
  const number = Number.parseInt(name, 10);
  return number === 0 ? null : number;
}
