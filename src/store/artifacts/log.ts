import { MlopsError, type SharedCode } from '../../errors.ts';
import { besideLog, openHeadHint } from './head-hint.ts';
import {
  type Decoded,
  decodeEntry,
  type EntryShape,
  encodeEntry,
  nameOfEntry,
  numberOfName,
  type Position,
} from './log-entry.ts';
import { sha256Of } from './sealed.ts';
import type { ArtifactStore } from './store.ts';
import { type LogFinding, verifyLog } from './verify-log.ts';

export type { EntryShape, Position } from './log-entry.ts';
export type { LogFinding } from './verify-log.ts';

/**
 * An append-only log of numbered entries in an artifact store. Entry n + 1 is created exclusively, so of two writers one
 * fails and is informed; numbers start at 1, are never freed and never skipped. Each entry carries its own SHA-256 and that
 * of the entry before it. Names that are not an entry's are ignored.
 *
 * Cost: reading or appending to the head opens a constant number of files, however long the log is. The log itself
 * holds no state in memory.
 */
export interface Log<Entry> {
  /** The place of the newest entry; `null` while the log is empty. @throws MlopsError the log's damage code */
  position(): Promise<Position | null>;

  /** The number of entries, which is the number of the newest. */
  length(): Promise<number>;

  /** The newest entry; `null` while the log is empty. */
  head(): Promise<Numbered<Entry> | null>;

  /**
   * Entry `number`, checked against its own hash and the one that the next entry holds of it.
   * @throws MlopsError ARTIFACT_MISSING, or the log's damage code
   */
  read(number: number): Promise<Numbered<Entry>>;

  /** SHA-256 of entry `number`, byte for byte as it is stored. @throws MlopsError ARTIFACT_MISSING */
  sha256(number: number): Promise<string>;

  /** When entry `number` was written, in ms since 1970. @throws MlopsError ARTIFACT_MISSING */
  writtenAt(number: number): Promise<number>;

  /** Whether the log holds the entry of that place, unchanged. */
  holds(position: Position): Promise<boolean>;

  /** The entries after `from` (by default all), oldest first, each checked against the one before it. */
  entries(from?: Position | null): AsyncGenerator<Linked<Entry>>;

  /** The numbers of the existing entries, ascending, without reading them: the only way past a damaged one. */
  numbers(): Promise<number[]>;

  /** All entries, oldest first. */
  all(): Promise<Numbered<Entry>[]>;

  /**
   * Appends `entry` after entry `after` (0: as the first one).
   * @returns the new entry, or `null` if another writer was first: read the head again and decide again
   */
  append(after: number, entry: Entry): Promise<Numbered<Entry> | null>;

  /** Checks every entry, and looks for gaps and for files that are not entries. No findings: the log is whole. */
  verify(): Promise<LogFinding[]>;
}

export interface Numbered<Entry> {
  readonly number: number;
  readonly entry: Entry;
}

export interface Linked<Entry> extends Numbered<Entry> {
  readonly sha256: string;
}

/** How damage of one kind of log is reported: its error code, and what to do about it. */
export interface LogDamage {
  readonly code: SharedCode;
  /** A sentence without its full stop. */
  readonly remedy: string;
}

/** Entries read, and held in memory, at a time by a reader of the whole log. */
const entriesAtOnce = 32;

export function openLog<Entry>(
  store: ArtifactStore,
  folder: string,
  shape: EntryShape<Entry>,
  damage: LogDamage,
): Log<Entry> {
  const key = (number: number) => `${folder}/${nameOfEntry(number)}`;
  const hint = openHeadHint(store, besideLog(folder, 'head'));

  function damaged(number: number, what: string): MlopsError {
    const where = `${store.place}/${key(number)}`;
    return new MlopsError(damage.code, `${where} is damaged: ${what}. ${damage.remedy}`, { where });
  }

  /** Entry `number`; `null` if there is none. */
  async function find(number: number): Promise<Whole<Entry> | null> {
    const bytes = await store.readIfThere(key(number));
    if (bytes === null) return null;
    const decoded = decodeEntry(number, bytes, shape);
    if (decoded.kind === 'damaged') throw damaged(number, decoded.damage);
    return decoded;
  }

  function proveLinked(before: Position | null, { position, previous }: Whole<Entry>): void {
    if (previous === (before?.sha256 ?? null)) return;
    throw damaged(before?.number ?? position.number, `entry ${position.number} holds another SHA-256 of it`);
  }

  /** Where to begin looking for the head: the hint's entry, or the highest number of a listing. */
  async function start(): Promise<Whole<Entry> | null> {
    const hinted = await hint.read();
    if (hinted !== null) {
      const entry = await find(hinted.number);
      if (entry === null) throw damaged(hinted.number, 'it is missing, and entries after it may be missing too');
      if (entry.position.sha256 !== hinted.sha256) throw damaged(hinted.number, 'it is not the entry that was written');
      return entry;
    }
    const numbers = await listed();
    const gap = numbers.findIndex((number, index) => number !== index + 1);
    if (gap >= 0) throw damaged(gap + 1, 'it is missing');
    return numbers.length === 0 ? null : await find(numbers.length);
  }

  async function listed(): Promise<number[]> {
    return (await store.list(folder)).map(numberOfName).filter(number => number !== null);
  }

  async function newest(): Promise<Whole<Entry> | null> {
    let last = await start();
    for (;;) {
      const next = await find((last?.position.number ?? 0) + 1);
      if (next === null) return last;
      proveLinked(last?.position ?? null, next);
      last = next;
    }
  }

  async function* entries(from: Position | null = null): AsyncGenerator<Linked<Entry>> {
    const last = (await newest())?.position.number ?? 0;
    let before = from;
    for (let first = (from?.number ?? 0) + 1; first <= last; first += entriesAtOnce) {
      const count = Math.min(entriesAtOnce, last - first + 1);
      const found = await Promise.all(Array.from({ length: count }, (_, index) => find(first + index)));
      for (const [index, each] of found.entries()) {
        if (each === null) throw damaged(first + index, 'it is missing');
        proveLinked(before, each);
        before = each.position;
        yield { ...each.position, entry: each.entry };
      }
    }
  }

  const log: Log<Entry> = {
    async position() {
      return (await newest())?.position ?? null;
    },
    async length() {
      return (await newest())?.position.number ?? 0;
    },
    async head() {
      return numbered(await newest());
    },
    async read(number) {
      const [bytes, after] = [await store.read(key(number)), await store.readIfThere(key(number + 1))];
      const decoded = decodeEntry(number, bytes, shape);
      if (decoded.kind === 'damaged') throw damaged(number, decoded.damage);
      const next = after === null ? null : decodeEntry(number + 1, after, shape);
      if (next?.kind === 'whole') proveLinked(decoded.position, next);
      return { number, entry: decoded.entry };
    },
    async sha256(number) {
      return sha256Of(await store.read(key(number)));
    },
    async writtenAt(number) {
      const about = await store.about(key(number));
      if (about === null) throw new MlopsError('ARTIFACT_MISSING', `${store.place}/${key(number)} not found`);
      return about.at;
    },
    async holds({ number, sha256 }) {
      const bytes = await store.readIfThere(key(number));
      return bytes !== null && sha256Of(bytes) === sha256;
    },
    entries,
    numbers: listed,
    async all() {
      const all: Numbered<Entry>[] = [];
      for await (const { number, entry } of entries()) all.push({ number, entry });
      return all;
    },
    async append(after, entry) {
      const last = (await newest())?.position ?? null;
      if ((last?.number ?? 0) !== after) return null;
      const number = after + 1;
      const bytes = encodeEntry(number, last?.sha256 ?? null, entry);
      const created = await store.create(key(number), bytes).catch(async (error: unknown) => {
        // The answer was lost or is uncertain: the stored entry decides.
        const now = await store.readIfThere(key(number)).catch(() => null);
        if (now === null) throw error;
        return now.equals(bytes);
      });
      if (!created) return null;
      await hint.write({ number, sha256: sha256Of(bytes) });
      return { number, entry };
    },
    verify: () => verifyLog(store, folder, shape, hint),
  };
  return log;
}

type Whole<Entry> = Decoded<Entry> & { readonly kind: 'whole' };

function numbered<Entry>(found: Whole<Entry> | null): Numbered<Entry> | null {
  return found === null ? null : { number: found.position.number, entry: found.entry };
}
