import { mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MlopsError, systemCode } from '../errors.ts';
import { privateFolder } from './artifacts/private.ts';

/**
 * Writes a file that a user named, such as `--out FILE`: it appears whole or not at all, and replaces the one before.
 * @param write receives the path of a temporary file beside it, and creates that file
 * @throws MlopsError BAD_INPUT where `path` is a folder or a device; STORE_UNWRITABLE, or what `write` throws
 */
export async function replaceFile<Result>(path: string, write: (file: string) => Promise<Result>): Promise<Result> {
  const target = await regularFile(path);
  const temporary = `${target}.${process.pid}.part`;
  try {
    await mkdir(dirname(target), { recursive: true, mode: privateFolder });
    const result = await write(temporary);
    await flush(temporary);
    await rename(temporary, target);
    return result;
  } catch (error) {
    await rm(temporary, { force: true });
    throw unwritable(path, error);
  }
}

/** `error` as it is shown, if it is one of writing `where`; else as it is. */
export function unwritable(where: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined || error instanceof MlopsError) return error;
  return new MlopsError('STORE_UNWRITABLE', `cannot write ${where}: ${code}`, { where, cause: error });
}

/** After a crash of the machine, the new name must not hold a file without its content. */
async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A link is followed; a folder or a device must not be replaced by a file. */
async function regularFile(path: string): Promise<string> {
  const info = await stat(path).catch(() => null);
  if (info === null) return path;
  if (info.isFile()) return await realpath(path);
  throw new MlopsError('BAD_INPUT', `${path} is not a file; "-" means standard output`, { where: path });
}
