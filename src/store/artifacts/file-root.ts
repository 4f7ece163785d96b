import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode } from '../../errors.ts';
import { isAbsent, storeAbsent, storeGone, unreadable, unwritable } from './file-failures.ts';
import { linked, patiently, proveNoLinks, readNoLink } from './file-places.ts';
import { privateFile, privateFolder } from './private.ts';
import { publish } from './publish.ts';

/** The root folder of a file store, and the id by which it is known again. */
export interface FileRoot {
  /**
   * The store's id as it is on disk now; `null` for a store without one, which is new.
   * @throws MlopsError STORE_UNREADABLE if this process has seen an id, and it is gone or another one
   */
  id(): Promise<string | null>;
  /** Makes the root and its id, unless they exist. Nothing else creates a root. @returns the id */
  establish(): Promise<string>;
  /** To be called before every write. @throws MlopsError STORE_UNREADABLE without a root, or as `id` does */
  proveThere(): Promise<void>;
}

/** A store without it is new. */
const storeIdFile = 'tenant/store-id';

export function openFileRoot(root: string): FileRoot {
  const file = join(root, storeIdFile);
  let seen: string | null = null;

  async function read(): Promise<string | null> {
    try {
      return await patiently(() => readFile(file, { encoding: 'utf8', flag: readNoLink }));
    } catch (error) {
      if (isAbsent(error)) return null;
      if (systemCode(error) === 'ELOOP') throw linked(file);
      throw unreadable(file, error);
    }
  }

  async function id(): Promise<string | null> {
    const found = await read();
    if (seen !== null && found !== seen) throw storeGone(root);
    seen = found;
    return found;
  }

  return {
    id,
    async establish() {
      const known = await id();
      if (known !== null) return known;
      await proveNoLinks(root, dirname(file));
      try {
        await mkdir(dirname(file), { recursive: true, mode: privateFolder });
        await createFile(file, randomUUID());
      } catch (error) {
        throw unwritable(file, error);
      }
      const made = await id();
      if (made === null) throw storeGone(root);
      return made;
    },
    async proveThere() {
      if ((await id()) !== null) return;
      await stat(root).catch((error: unknown) => {
        throw systemCode(error) === 'ENOENT' ? storeAbsent(root) : unreadable(root, error);
      });
    },
  };
}

/** Whole or not at all; of two writers, the first one's content is kept. */
async function createFile(path: string, content: string): Promise<void> {
  const temporary = join(dirname(path), `.${randomUUID()}`);
  try {
    const file = await open(temporary, 'wx', privateFile);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await publish(temporary, path);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}
