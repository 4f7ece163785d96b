import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, link, mkdir, open, readdir, readFile, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { isCoded, MlopsError, systemCode } from '../../errors.ts';
import type { About, ArtifactStore, Leftover } from './store.ts';

/** An artifact store in a folder of a file system that all processes share. */
export function openFileStore(root: string): ArtifactStore {
  const path = (key: string) => join(root, ...segments(key));

  return {
    place: root,
    create: (key, content) => create(path(key), content),
    async read(key) {
      const content = await readIfThere(path(key));
      if (content === null) throw missing(path(key));
      return content;
    },
    readIfThere: key => readIfThere(path(key)),
    stream: key => readStream(path(key)),
    exists: key => exists(path(key)),
    list: folder => list(path(folder)),
    about: key => about(path(key)),
    remove: key => rm(path(key), { recursive: true, force: true }),
    leftovers: before => leftovers(root, before),
    async freeBytes() {
      const { bavail, bsize } = await statfs(root);
      return bavail * bsize;
    },
  };
}

/**
 * The folder that an `ARTIFACTS_URL` of the `file:` kind means: `file:./data` is relative to the working folder.
 * @throws MlopsError BAD_CONFIG for another kind
 */
export function folderOf(artifactsUrl: string): string {
  if (artifactsUrl.startsWith('file:///')) return fileURLToPath(artifactsUrl);
  if (artifactsUrl.startsWith('file:')) return resolve(artifactsUrl.slice('file:'.length));
  throw new MlopsError(
    'BAD_CONFIG',
    `ARTIFACTS_URL ${artifactsUrl.split(':')[0]}: is not supported yet; use file:FOLDER`,
  );
}

/** Temporary names start with a dot and are not listed. */
const hidden = '.';
const temporary = /^\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function segments(key: string): string[] {
  const parts = key.split('/');
  if (parts.some(part => part === '' || part.startsWith(hidden)))
    throw new MlopsError('INTERNAL', `not a key of an artifact: ${JSON.stringify(key)}`);
  return parts;
}

/** Written beside its place, synced, then linked to its name: `link` is atomic and refuses an existing name. */
async function create(path: string, content: string | Uint8Array | Readable): Promise<boolean> {
  const folder = dirname(path);
  const temporary = join(folder, `${hidden}${randomUUID()}`);
  try {
    await makeFolder(folder);
    if (await exists(path)) return false;
    const file = await open(temporary, 'wx');
    try {
      if (typeof content === 'string' || content instanceof Uint8Array) await file.writeFile(content);
      else for await (const chunk of content) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    if (!(await linkIfFree(temporary, path))) return false;
    await syncFolder(folder);
    return true;
  } catch (error) {
    throw unwritable(path, error);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** Only here does "exists" mean that another writer was first: `mkdir` says it of a file where a folder should be. */
async function linkIfFree(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    // The name may be taken, or that of a folder above it, by a file.
    if (systemCode(error) === 'EEXIST' && (await exists(path))) return false;
    throw error;
  }
}

/** A folder is durable once the one that holds it has been synced; so is each that had to be made on the way to it. */
async function makeFolder(folder: string): Promise<void> {
  const outermost = await mkdir(folder, { recursive: true });
  if (outermost === undefined) return;
  for (let made = folder; made.length >= outermost.length; made = dirname(made)) await syncFolder(dirname(made));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw unreadable(path, error);
  }
}

function readStream(path: string): Readable {
  const source = createReadStream(path);
  const out = new PassThrough();
  source.on('error', error => out.destroy(isAbsent(error) ? missing(path) : unreadable(path, error)));
  out.on('close', () => source.destroy());
  return source.pipe(out);
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw unreadable(path, error);
  }
}

async function list(path: string): Promise<string[]> {
  try {
    const names = await readdir(path);
    return names.filter(name => !name.startsWith(hidden)).sort();
  } catch (error) {
    if (isAbsent(error)) return [];
    throw unreadable(path, error);
  }
}

async function about(path: string): Promise<About | null> {
  try {
    const found = await stat(path);
    return found.isFile() ? { bytes: found.size, at: found.mtimeMs } : null;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw unreadable(path, error);
  }
}

/** Files with a temporary name, in any folder; those that vanish meanwhile are no longer left. */
async function* leftovers(folder: string, before: number): AsyncGenerator<Leftover> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isAbsent(error)) return [];
    throw unreadable(folder, error);
  });
  for (const entry of entries) {
    const place = join(folder, entry.name);
    if (entry.isDirectory()) yield* leftovers(place, before);
    if (!entry.isFile() || !temporary.test(entry.name)) continue;
    const found = await about(place);
    if (found !== null && found.at < before)
      yield { place, bytes: found.bytes, remove: () => rm(place, { force: true }) };
  }
}

function isAbsent(error: unknown): boolean {
  return systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR';
}

function missing(path: string): MlopsError {
  return new MlopsError('ARTIFACT_MISSING', `there is no ${path}`, { where: path });
}

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the device: make room, then run it again',
  EDQUOT: 'the disk quota is used up: make room, then run it again',
  EACCES: 'permission denied: let this user write there, then run it again',
  EPERM: 'operation not permitted: let this user write there, then run it again',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'a part of the path is a file, not a folder',
};

/** Troubles of a disk or of a network file system that may pass. */
const passing: readonly string[] = ['EMFILE', 'ENFILE', 'EIO', 'ESTALE', 'EAGAIN', 'ETIMEDOUT', 'EBUSY', 'EINTR'];

function unwritable(path: string, cause: unknown): Error {
  // What the content's own source says is no trouble of the store.
  if (isCoded(cause)) return cause;
  const code = systemCode(cause);
  if (code === undefined) return cause instanceof Error ? cause : new Error(String(cause));
  return new MlopsError(
    passing.includes(code) ? 'STORE_TROUBLE' : 'STORE_UNWRITABLE',
    `cannot write ${path}: ${remedies[code] ?? code}`,
    { where: path, cause },
  );
}

function unreadable(path: string, cause: unknown): MlopsError {
  const code = systemCode(cause) ?? 'unknown error';
  return new MlopsError(
    passing.includes(code) ? 'STORE_TROUBLE' : 'STORE_UNREADABLE',
    `cannot read ${path}: ${remedies[code] ?? code}`,
    { where: path, cause },
  );
}
