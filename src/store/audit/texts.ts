import { randomBytes, randomUUID } from 'node:crypto';
import type { StoredText } from '../../domain/audit/entry.ts';
import { isCoded } from '../../errors.ts';
import { sha256Of } from '../artifacts/sealed.ts';
import type { ArtifactStore } from '../artifacts/store.ts';

/**
 * Customers' texts, beside the log: `audit/texts/<id>/<file>`, the id hashed where it is not a valid folder name. A
 * file holds a line of salt and the text. The salt goes with the text: once erased, not even a short one can be guessed
 * from the hash that stays.
 */
export interface Texts {
  write(id: string, text: string): Promise<StoredText>;
  /** Whether the text is there and is the one of the entry. */
  state(text: StoredText): Promise<'whole' | 'altered' | 'erased'>;
  /** Removes one text. */
  remove(text: StoredText): Promise<void>;
  /** How many texts of the id there are. */
  count(id: string): Promise<number>;
  /** Removes all texts of the id. Nothing there is fine. */
  erase(id: string): Promise<void>;
}

const root = 'audit/texts';
const saltBytes = 16;

export function openTexts(store: ArtifactStore): Texts {
  return {
    async write(id, text) {
      const content = Buffer.from(`${randomBytes(saltBytes).toString('hex')}\n${text}`, 'utf8');
      const file = `${folderOf(id)}/${randomUUID()}`;
      await store.create(file, content);
      return { hash: sha256Of(content), file };
    },
    async state({ hash, file }) {
      try {
        const content = await store.readIfThere(file);
        if (content === null) return 'erased';
        return sha256Of(content) === hash ? 'whole' : 'altered';
      } catch (error) {
        if (isCoded(error, 'STORE_UNREADABLE')) return 'altered';
        throw error;
      }
    },
    remove: ({ file }) => store.remove(file),
    count: async id => (await store.list(folderOf(id))).length,
    erase: id => store.remove(folderOf(id)),
  };
}

/** Case must not be what tells two ids apart: not every store sees it. */
function folderOf(id: string): string {
  return `${root}/${/^[a-z0-9][a-z0-9_-]{0,62}$/.test(id) ? id : sha256Of(id)}`;
}
