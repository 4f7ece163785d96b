import { constants } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { MlopsError, systemCode } from '../../errors.ts';
import { isAbsent, unreadable } from './file-failures.ts';

/** Opens a file for reading, unless its name is a symbolic link. */
export const readNoLink = constants.O_RDONLY | constants.O_NOFOLLOW;

/**
 * Refuses a place below `root` that is reached through a symbolic link: it could lead out of the store, and another user who
 * may write to a shared store could make this process read, write or remove files anywhere.
 * @param root itself may not be a link either; the folders above it may
 * @throws MlopsError STORE_UNREADABLE
 */
export async function proveNoLinks(root: string, path: string): Promise<void> {
  const inside = relative(root, path);
  const places = [root];
  for (const part of inside === '' ? [] : inside.split(sep)) places.push(join(places.at(-1) ?? root, part));
  for (const place of places) {
    const found = await lstat(place).catch((error: unknown) => {
      if (isAbsent(error)) return null;
      throw unreadable(place, error);
    });
    if (found === null) return;
    if (found.isSymbolicLink()) throw linked(place);
  }
}

export function linked(place: string): MlopsError {
  return new MlopsError(
    'STORE_UNREADABLE',
    `${place} is a symbolic link, which the artifact store must not contain: it could lead to files of others. Replace it with a folder (or a bind mount), after checking who created it in ${dirname(place)}`,
    { where: place },
  );
}

/** Errors that pass when other files are closed, or when a network file system is asked again. */
const passing: readonly string[] = ['EMFILE', 'ENFILE', 'ESTALE', 'EINTR', 'EAGAIN'];
const firstPauseMs = 5;
const mostPauses = 9;

/** Runs a system call again, for about 2.5 s, while it fails with an error that passes. */
export async function patiently<Result>(call: () => Promise<Result>): Promise<Result> {
  for (let pauses = 0; ; pauses++) {
    try {
      return await call();
    } catch (error) {
      if (pauses === mostPauses || !passing.includes(systemCode(error) ?? '')) throw error;
      await pause(firstPauseMs * 2 ** pauses);
    }
  }
}
