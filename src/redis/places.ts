import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MlopsError, systemCode } from '../errors.ts';

export const redisSocket = (sockets: string) => join(sockets, 'redis.sock');
export const redisLock = (sockets: string) => join(sockets, 'redis.lock');
export const supervisorSocket = (sockets: string) => join(sockets, 'keeper.sock');
export const supervisorLock = (sockets: string) => join(sockets, 'keeper.lock');

/** The kernel's limit for the path of a unix socket is 108 bytes. */
const longestPath = 99;

/**
 * The folder (mode 0700, made if need be) of the sockets that belong to the data folder `data`: the same one for every
 * process, and short enough for a socket's path wherever `data` is.
 */
export function socketFolder(data: string): string {
  makeFolder(data);
  const name = `cxone-mlops-${createHash('sha256').update(realpathSync(data)).digest('hex').slice(0, 16)}`;
  const roots = [process.env.XDG_RUNTIME_DIR, tmpdir(), '/tmp'].filter(root => root !== undefined && root !== '');
  const folder = roots
    .map(root => join(root ?? '', name))
    .find(each => Buffer.byteLength(supervisorSocket(each)) <= longestPath);
  if (folder === undefined)
    throw new MlopsError('REDIS_UNAVAILABLE', 'no folder has a path short enough for a socket: set TMPDIR');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(folder);
  if (uid !== process.getuid?.() || (mode & 0o077) !== 0)
    throw new MlopsError(
      'BAD_CONFIG',
      `${folder} belongs to somebody else or is open to others: remove it, or set REDIS_URL`,
    );
  return folder;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new MlopsError(
      'STORE_UNWRITABLE',
      `cannot make ${folder}: ${systemCode(cause)}. Let this user write there, or set REDIS_URL`,
      {
        where: folder,
        cause,
      },
    );
  }
}
