import { createHash } from 'node:crypto';
import { MlopsError } from '../../errors.ts';
import type { ArtifactStore } from './store.ts';

/**
 * An append-only log of numbered entries in an artifact store, as Delta Lake's: entry n + 1 is created exclusively, so
 * of two writers one loses and sees it. Numbers start at 1, are never freed and never skipped.
 */
export interface Log<Entry> {
  /** How many entries there are: the number of the newest. */
  length(): Promise<number>;

  /** The newest entry; `null` while the log is empty. */
  head(): Promise<Numbered<Entry> | null>;

  /**
   * Entry `number`.
   * @throws MlopsError ARTIFACT_MISSING, or DATASET_DAMAGED where it does not parse
   */
  read(number: number): Promise<Numbered<Entry>>;

  /** SHA-256 of entry `number`, byte for byte as it is stored. @throws MlopsError ARTIFACT_MISSING */
  sha256(number: number): Promise<string>;

  /** When entry `number` was written, in ms since 1970. @throws MlopsError ARTIFACT_MISSING */
  writtenAt(number: number): Promise<number>;

  /** All entries, oldest first. */
  all(): Promise<Numbered<Entry>[]>;

  /**
   * Appends `entry` after entry `after` (0: as the first one).
   * @returns the new entry, or `null` where another writer was first: read the head again and decide anew
   */
  append(after: number, entry: Entry): Promise<Numbered<Entry> | null>;
}

export interface Numbered<Entry> {
  readonly number: number;
  readonly entry: Entry;
}

/** What an entry is written as, and how it is read back: `parse` throws on anything that `Entry` is not. */
export interface EntryShape<Entry> {
  parse(json: unknown): Entry;
}

const digits = 12;
const name = (number: number) => `${String(number).padStart(digits, '0')}.json`;

export function openLog<Entry>(store: ArtifactStore, folder: string, shape: EntryShape<Entry>): Log<Entry> {
  const key = (number: number) => `${folder}/${name(number)}`;

  async function length(): Promise<number> {
    const names = await store.list(folder);
    return Number.parseInt(names.at(-1) ?? '0', 10);
  }

  async function read(number: number): Promise<Numbered<Entry>> {
    const bytes = await store.read(key(number));
    try {
      return { number, entry: shape.parse(JSON.parse(bytes.toString('utf8'))) };
    } catch (cause) {
      throw new MlopsError(
        'DATASET_DAMAGED',
        `${store.place}/${key(number)} is damaged: it does not parse as an entry of its log. Bring it back from a backup`,
        {
          where: key(number),
          cause,
        },
      );
    }
  }

  return {
    length,
    async head() {
      const number = await length();
      return number === 0 ? null : await read(number);
    },
    read,
    async sha256(number) {
      return createHash('sha256')
        .update(await store.read(key(number)))
        .digest('hex');
    },
    async writtenAt(number) {
      const about = await store.about(key(number));
      if (about === null) throw new MlopsError('ARTIFACT_MISSING', `there is no ${store.place}/${key(number)}`);
      return about.at;
    },
    async all() {
      const last = await length();
      return await Promise.all(Array.from({ length: last }, (_, index) => read(index + 1)));
    },
    async append(after, entry) {
      if ((await length()) !== after) return null;
      const text = `${JSON.stringify(entry)}\n`;
      const created = await store.create(key(after + 1), text).catch(async (error: unknown) => {
        // The answer was lost or doubtful: what stands there now decides, not what we fear.
        const now = await store.readIfThere(key(after + 1)).catch(() => null);
        if (now === null) throw error;
        return now.toString('utf8') === text;
      });
      return created ? { number: after + 1, entry } : null;
    },
  };
}
