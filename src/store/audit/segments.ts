import type { FoundSegment, Position } from '../../domain/audit/segment.ts';
import { isCoded } from '../../errors.ts';
import { sha256Of } from '../artifacts/sealed.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import { chunks } from './chunks.ts';
import { decodeSegment } from './segment-file.ts';

/** The numbered segments of an audit log in its store: each created exclusively, as the entries of any log are. */
export interface Segments {
  /** The log's folder: the numbers of its segments, ascending, and other names. */
  list(): Promise<{ numbers: number[]; strays: string[] }>;
  /** The newest segment, asked of the store; `null` while there is none. */
  newest(): Promise<Position | null>;
  /** The newest segment, where `from` was it a while ago. */
  newestSince(from: Position | null): Promise<Position | null>;
  /** Creates segment `number`; false where another writer was first. */
  create(number: number, bytes: Buffer): Promise<boolean>;
  /** The named segments in their order, read many at a time; those that are not there (any more) are left out. */
  read(numbers: Iterable<number>): AsyncGenerator<FoundSegment>;
}

export const logFolder = 'audit/log';
const digits = 12;
const fileName = /^\d{12}\.jsonl$/;

/** Reads under way at once: what keeps a disk or a bucket busy without holding much. */
const readsAtOnce = 32;
/** A writer that was overtaken by no more than this finds the head without listing the folder. */
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
      let doubt: unknown = null;
      const created = await store.create(key(number), bytes).catch((error: unknown) => {
        doubt = error;
        return false;
      });
      if (created) return true;
      // An answer that was lost, or given twice: what stands there now decides.
      const now = await store.readIfThere(key(number)).catch(() => null);
      if (now !== null) return now.equals(bytes);
      if (doubt !== null) throw doubt;
      return false;
    },
    async *read(numbers) {
      for (const some of chunks(numbers, readsAtOnce))
        for (const found of await Promise.all(some.map(find))) if (found !== null) yield found;
    },
  };
}
