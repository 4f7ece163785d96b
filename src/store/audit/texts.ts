import { randomBytes, randomUUID } from 'node:crypto';
import type { StoredText } from '../../domain/audit/entry.ts';
import { isCoded } from '../../errors.ts';
import { sha256Of } from '../artifacts/sealed.ts';
import type { ArtifactStore } from '../artifacts/store.ts';

/**
 * Customers' texts, beside the log: `audit/texts/<id>/<file>`, the id hashed if it is not a valid folder name. A
 * file holds a line of salt and the text. The salt is erased with the text, so that not even a short text can be guessed
 * from the hash that is kept.
 */
export interface Texts {
  write(id: string, text: string): Promise<StoredText>;
  /** Whether the text exists and matches its entry. */
  state(text: StoredText): Promise<TextState>;
  /** `null` once it is erased, or where it does not match its entry. */
  read(text: StoredText): Promise<string | null>;
  /** Removes one text. */
  remove(text: StoredText): Promise<void>;
  /** The number of texts of the id. */
  count(id: string): Promise<number>;
  /** Removes all texts of the id, if any. */
  erase(id: string): Promise<void>;
}

export type TextState = 'whole' | 'altered' | 'erased';

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
    async read({ hash, file }) {
      const content = await store.readIfThere(file);
      if (content === null || sha256Of(content) !== hash) return null;
      return content.toString('utf8').slice(2 * saltBytes + 1);
    },
    remove: ({ file }) => store.remove(file),
    count: async id => (await store.list(folderOf(id))).length,
    erase: id => store.remove(folderOf(id)),
  };
}

/** Ids with capital letters are hashed, because not every store is case-sensitive. */
function folderOf(id: string): string {
  return `${root}/${/^[a-z0-9][a-z0-9_-]{0,62}$/.test(id) ? id : sha256Of(id)}`;
}
