import type { FoundSegment, Position } from '../../domain/audit/segment.ts';
import { isCoded } from '../../errors.ts';
import { sha256Of } from '../artifacts/sealed.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import { chunks } from './chunks.ts';
import { decodeSegment } from './segment-file.ts';

/** The numbered segments of an audit log in its store, each created exclusively, as in any log. */
export interface Segments {
  /** The content of the log's folder: the numbers of its segments, ascending, and other names. */
  list(): Promise<{ numbers: number[]; strays: string[] }>;
  /** The newest segment, read from the store; `null` while there is none. */
  newest(): Promise<Position | null>;
  /** The newest segment, given an earlier newest one, `from`. */
  newestSince(from: Position | null): Promise<Position | null>;
  /** Creates segment `number`; false if another writer was first. */
  create(number: number, bytes: Buffer): Promise<boolean>;
  /** The named segments in their order, read many at a time; missing ones are left out. */
  read(numbers: Iterable<number>): AsyncGenerator<FoundSegment>;
}

export const logFolder = 'audit/log';
const digits = 12;
const fileName = /^\d{12}\.jsonl$/;

/** Concurrent reads: enough to keep a disk or a bucket busy without much memory. */
const readsAtOnce = 32;
/** A writer that is behind by at most this many segments finds the head without listing the folder. */
const stepsAhead = 32;

export function openSegments(store: ArtifactStore): Segments {
  const key = (number: number) => `${logFolder}/${String(number).padStart(digits, '0')}.jsonl`;

  async function list(): Promise<{ numbers: number[]; strays: string[] }> {
    const names = await store.list(logFolder);
    const isSegment = (name: string) => fileName.test(name) && Number.parseInt(name, 10) > 0;
    return {
      numbers: names.filter(isSegment).map(name => Number.parseInt(name, 10)),
      strays: names.filter(name => !isSegment(name)),
    };
  }

  async function positionAt(number: number): Promise<Position | null> {
    const bytes = await store.readIfThere(key(number));
    return bytes === null ? null : { number, sha256: sha256Of(bytes) };
  }

  async function newest(): Promise<Position | null> {
    const number = (await list()).numbers.at(-1);
    return number === undefined ? null : await positionAt(number);
  }

  async function find(number: number): Promise<FoundSegment | null> {
    try {
      const bytes = await store.readIfThere(key(number));
      return bytes === null ? null : decodeSegment(number, bytes);
    } catch (error) {
      if (!isCoded(error, 'STORE_UNREADABLE')) throw error;
      return { number, sha256: '', segment: null, damage: error.message };
    }
  }

  return {
    list,
    newest,
    async newestSince(from) {
      let head = from;
      for (let step = 0; step < stepsAhead; step++) {
        const next = await positionAt((head?.number ?? 0) + 1);
        if (next === null) return head;
        head = next;
      }
      return await newest();
    },
    async create(number, bytes) {
      let failure: unknown = null;
      const created = await store.create(key(number), bytes).catch((error: unknown) => {
        failure = error;
        return false;
      });
      if (created) return true;
      // The answer may be lost or repeated: the stored segment decides.
      const now = await store.readIfThere(key(number)).catch(() => null);
      if (now !== null) return now.equals(bytes);
      if (failure !== null) throw failure;
      return false;
    },
    async *read(numbers) {
      for (const some of chunks(numbers, readsAtOnce))
        for (const found of await Promise.all(some.map(find))) if (found !== null) yield found;
    },
  };
}
