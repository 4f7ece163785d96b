import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { MlopsError, systemCode } from '../errors.ts';

/** Files in the data folder: whatever the environment, all processes that use it find the same ones. */
export const redisLock = (data: string) => join(data, 'redis.lock');
export const supervisorLock = (data: string) => join(data, 'keeper.lock');
/** Says where the sockets are. */
export const supervisorNote = (data: string) => join(data, 'keeper.json');

export const redisSocket = (sockets: string) => join(sockets, 'redis.sock');
export const supervisorSocket = (sockets: string) => join(sockets, 'keeper.sock');

/** The kernel's limit for the path of a unix socket is 108 bytes. */
const longestPath = 99;

/**
 * The folder (mode 0700, made if need be) for the sockets of the data folder `data`, short enough for a socket's path
 * wherever `data` is: the one that its last supervisor used, else the first that this process can use.
 * @throws MlopsError STORE_UNWRITABLE, BAD_CONFIG where it is open to other users
 */
export function socketFolder(data: string): string {
  makeFolder(data);
  const name = `cxone-mlops-${createHash('sha256').update(realpathSync(data)).digest('hex').slice(0, 16)}`;
  const runtime = process.env.XDG_RUNTIME_DIR ?? '';
  const roots = [...(isOurs(runtime) ? [runtime] : []), tmpdir(), '/tmp'];
  const noted = notedSockets(data);
  const candidates = [
    ...(noted === null || !isOurs(dirname(noted)) ? [] : [noted]),
    ...roots.map(root => join(root, name)),
  ];
  for (const folder of candidates)
    if (Buffer.byteLength(supervisorSocket(folder)) <= longestPath && makePrivate(folder)) return folder;
  throw new MlopsError(
    'BAD_CONFIG',
    `no folder for the sockets of the embedded redis-server can be used (tried ${candidates.join(', ')}): set TMPDIR to a folder with a short path that this user may write to, or set REDIS_URL`,
  );
}

/** Where the sockets of `data` are, as its last supervisor noted; `null`: not noted. */
export function notedSockets(data: string): string | null {
  try {
    const note = supervisorNoteShape.parse(JSON.parse(readFileSync(supervisorNote(data), 'utf8')));
    return note.sockets;
  } catch {
    return null;
  }
}

/** Notes where the sockets of `data` are. */
export function noteSockets(data: string, sockets: string): void {
  const draft = `${supervisorNote(data)}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ sockets, pid: process.pid }), { mode: 0o600 });
  renameSync(draft, supervisorNote(data));
}

const supervisorNoteShape = z.object({ sockets: z.string() });

/** Whether it is a folder of this user, or one that all may use, such as /tmp. */
function isOurs(folder: string): boolean {
  try {
    const status = statSync(folder);
    return status.isDirectory() && (status.uid === process.getuid?.() || (status.mode & 0o1002) === 0o1002);
  } catch {
    return false;
  }
}

/**
 * Makes the folder unless it exists.
 * @returns whether this user can use it
 * @throws MlopsError BAD_CONFIG where it is this user's, but open to others
 */
function makePrivate(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch {
    return false;
  }
  const { uid, mode } = lstatSync(folder);
  if (uid !== process.getuid?.()) return false;
  if ((mode & 0o077) === 0) return true;
  throw new MlopsError('BAD_CONFIG', `${folder} is open to other users: remove it, or set REDIS_URL`);
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
