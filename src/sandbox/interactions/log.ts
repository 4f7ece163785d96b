import { MlopsError } from '../../errors.ts';
import { hash, mix } from '../kernel/random.ts';
import type { LogQuery } from './query.ts';
import { rated, type StoredRecord } from './record.ts';

interface Entry {
  readonly record: StoredRecord;
  /** Orders records of one timestamp: at random, so not by id or by arrival. */
  readonly tie: number;
}

export interface LogPage {
  /** JSON texts, in the order of the answer. */
  readonly records: readonly string[];
  /** The same as they go over the wire. */
  readonly wire: readonly (string | Uint8Array)[];
  readonly totalCount: number;
}

/** The interaction log in memory, oldest first. A page costs its own size, whatever the log's. */
export class InteractionLog {
  readonly #seed: number;
  readonly #ids = new Set<string>();
  #entries: Entry[] = [];
  #added = 0;

  constructor(seed: number, records: readonly StoredRecord[]) {
    this.#seed = seed;
    this.#entries = records.map(record => this.#entryOf(record)).sort(byPlace);
  }

  get size(): number {
    return this.#entries.length;
  }

  /** All records, parsed, newest first in the order of an unshuffled answer. */
  records(): unknown[] {
    return this.#entries.map(({ record }): unknown => JSON.parse(record.json)).reverse();
  }

  /** @throws BAD_INPUT when an interaction of that id is there already. */
  insert(record: StoredRecord): void {
    const entry = this.#entryOf(record);
    const place = firstWhere(this.#entries, other => byPlace(other, entry) > 0);
    this.#entries.splice(place, 0, entry);
  }

  /** Removes interactions; returns how many there were. */
  erase(ids: readonly string[]): number {
    const erased = new Set(ids);
    const before = this.#entries.length;
    this.#entries = this.#entries.filter(({ record }) => record.id === null || !erased.has(record.id));
    for (const id of erased) this.#ids.delete(id);
    return before - this.#entries.length;
  }

  /** @throws BAD_INPUT if no interaction has that id. */
  rate(id: string, rating: number | null): void {
    const place = this.#entries.findIndex(({ record }) => record.id === id);
    const entry = this.#entries[place];
    if (entry === undefined)
      throw new MlopsError('BAD_INPUT', 'The sandbox has no interaction of this id.', { where: id });
    this.#entries[place] = { ...entry, record: rated(entry.record, rating) };
  }

  /** A page of the log; with a `shuffle`, records of one timestamp are ordered by it and not as at other times. */
  page(query: Omit<LogQuery, 'returnCount'>, shuffle: number | null): LogPage {
    const { after } = query;
    const oldest = after === null ? 0 : firstWhere(this.#entries, entry => entry.record.at > after);
    const totalCount = this.#entries.length - oldest;
    const skipped = Math.min((query.page - 1) * query.pageSize, totalCount);
    const length = Math.min(query.pageSize, totalCount - skipped);
    const from = query.order === 'asc' ? oldest + skipped : this.#entries.length - skipped - length;

    const ascending =
      shuffle === null ? this.#entries.slice(from, from + length) : this.#shuffled(from, length, shuffle);
    const ordered = query.order === 'asc' ? ascending : ascending.reverse();
    return {
      records: ordered.map(({ record }) => record.json),
      wire: ordered.map(({ record }) => record.bytes ?? record.json),
      totalCount,
    };
  }

  /** The stretch as it would be if every timestamp's records stood in this shuffle's order. */
  #shuffled(from: number, length: number, shuffle: number): Entry[] {
    const first = this.#entries[from];
    const last = this.#entries[from + length - 1];
    if (first === undefined || last === undefined) return [];
    const start = firstWhere(this.#entries, entry => entry.record.at >= first.record.at);
    const end = firstWhere(this.#entries, entry => entry.record.at > last.record.at);
    return this.#entries
      .slice(start, end)
      .sort((one, other) => one.record.at - other.record.at || mix(shuffle, one.tie) - mix(shuffle, other.tie))
      .slice(from - start, from - start + length);
  }

  #entryOf(record: StoredRecord): Entry {
    if (record.id !== null) {
      if (this.#ids.has(record.id))
        throw new MlopsError('BAD_INPUT', 'The sandbox has an interaction of this id already.', { where: record.id });
      this.#ids.add(record.id);
    }
    this.#added += 1;
    // By id where there is one: the order does not depend on the order of files.
    return { record, tie: hash(this.#seed, record.id ?? this.#added) };
  }
}

function byPlace(one: Entry, other: Entry): number {
  return one.record.at - other.record.at || one.tie - other.tie;
}

/** The index of the first entry that passes, in a list where all that pass follow all that do not; its length when none does. */
function firstWhere(entries: readonly Entry[], passes: (entry: Entry) => boolean): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry !== undefined && passes(entry)) high = middle;
    else low = middle + 1;
  }
  return low;
}
