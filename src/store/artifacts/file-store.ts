import { randomUUID } from 'node:crypto';
import { access, mkdir, open, readdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { isCoded, MlopsError, systemCode } from '../../errors.ts';
import { isAbsent, missing, unreadable, unwritable } from './file-failures.ts';
import { linked, patiently, proveNoLinks, readNoLink } from './file-places.ts';
import { openFileRoot } from './file-root.ts';
import { readFileUrl } from './file-url.ts';
import { syncFolder } from './folder-sync.ts';
import { openGate } from './gate.ts';
import { privateFile, privateFolder } from './private.ts';
import { claimName, publish } from './publish.ts';
import type { About, ArtifactStore, Leftover } from './store.ts';

/** The most files open for reading at once: enough to keep a disk busy, far below the limits of a process. */
const readsAtOnce = 32;

/**
 * An artifact store in a folder of a file system that all processes share. If a key is absent, and before every
 * write, it checks that the store itself still exists: a lost mount must not read as an empty store.
 */
export function openFileStore(root: string): ArtifactStore {
  const path = (key: string) => join(root, ...segments(key));
  const store = openFileRoot(root);
  const gate = openGate(readsAtOnce);

  /** Folders that were found to be reached without links; looked at once, because reads are frequent. */
  const proven = new Set<string>();
  async function proveFolder(place: string): Promise<void> {
    const folder = dirname(place);
    if (proven.has(folder)) return;
    await proveNoLinks(root, folder);
    if (proven.size < 10_000) proven.add(folder);
  }

  /** A key counts as absent only if the store itself still exists. */
  async function orGone<Found>(found: Found, isNothing: boolean): Promise<Found> {
    if (isNothing) await store.id();
    return found;
  }
  async function readOrNull(key: string): Promise<Buffer | null> {
    const place = path(key);
    const content = await gate(async () => {
      await proveFolder(place);
      return await readIfThere(place);
    });
    return await orGone(content, content === null);
  }

  return {
    place: root,
    id: store.id,
    establish: store.establish,
    async create(key, content) {
      const place = path(key);
      await store.proveThere();
      await proveNoLinks(root, place);
      return await create(root, place, content);
    },
    async replace(key, content) {
      const place = path(key);
      await store.proveThere();
      await proveNoLinks(root, dirname(place));
      await replace(root, place, content);
    },
    async read(key) {
      const content = await readOrNull(key);
      if (content === null) throw missing(path(key));
      return content;
    },
    readIfThere: readOrNull,
    stream(key) {
      const place = path(key);
      return readStream(place, () => proveFolder(place));
    },
    async readRange(key, offset, bytes) {
      const place = path(key);
      const content = await gate(() => readRange(place, offset, bytes));
      return await orGone(content, content === null);
    },
    async exists(key) {
      const there = await exists(path(key));
      return await orGone(there, !there);
    },
    async list(folder) {
      const place = path(folder);
      await proveNoLinks(root, place);
      const names = await list(place);
      return await orGone(names, names.length === 0);
    },
    async about(key) {
      const found = await about(path(key));
      return await orGone(found, found === null);
    },
    async remove(key) {
      const place = path(key);
      await store.proveThere();
      // A link itself may be removed: nothing that it leads to is.
      await proveNoLinks(root, dirname(place));
      await rm(place, { recursive: true, force: true });
    },
    leftovers: before => leftovers(root, before),
    openToOthers: () => openToOthers(root),
    async freeBytes() {
      const { bavail, bsize } = await statfs(root);
      return bavail * bsize;
    },
  };
}

/**
 * The folder that an `ARTIFACTS_URL` of the `file:` kind names.
 * @throws MlopsError BAD_CONFIG for another kind, or if it is not such a URL
 */
export function folderOf(artifactsUrl: string): string {
  if (!/^file:/i.test(artifactsUrl))
    throw new MlopsError(
      'BAD_CONFIG',
      `ARTIFACTS_URL ${artifactsUrl.split(':')[0]}: is not supported yet; use file:FOLDER`,
    );
  const read = readFileUrl(artifactsUrl);
  if ('folder' in read) return read.folder;
  throw new MlopsError('BAD_CONFIG', `ARTIFACTS_URL ${read.problem}`);
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

/** Written beside its place, synced, then published under its name. */
async function create(root: string, path: string, content: string | Uint8Array | Readable): Promise<boolean> {
  const folder = dirname(path);
  const temporary = join(folder, `${hidden}${randomUUID()}`);
  try {
    await makeFolder(root, folder);
    if (await exists(path)) return false;
    const file = await patiently(() => open(temporary, 'wx', privateFile));
    try {
      if (typeof content === 'string' || content instanceof Uint8Array) await file.writeFile(content);
      else for await (const chunk of content) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    if (!(await publish(temporary, path))) return false;
    await syncFolder(folder);
    return true;
  } catch (error) {
    throw unwritable(path, error);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** Whole, because it is renamed into place; not synced, because nothing depends on it. */
async function replace(root: string, path: string, content: string | Uint8Array): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `${hidden}${randomUUID()}`);
  try {
    await makeFolder(root, folder);
    const file = await patiently(() => open(temporary, 'wx', privateFile));
    await file.writeFile(content).finally(() => file.close());
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw unwritable(path, error);
  }
}

/**
 * Makes `folder` and those above it up to the root, which must exist. A folder is durable once the one that holds it has
 * been synced.
 */
async function makeFolder(root: string, folder: string): Promise<void> {
  if (folder === root) return;
  try {
    await mkdir(folder, privateFolder);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return;
    if (systemCode(error) !== 'ENOENT' || dirname(folder) === root) throw error;
    await makeFolder(root, dirname(folder));
    return await makeFolder(root, folder);
  }
  await syncFolder(dirname(folder));
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await patiently(() => readFile(path, { flag: readNoLink }));
  } catch (error) {
    if (isAbsent(error)) return null;
    if (isLink(error)) throw linked(path);
    throw unreadable(path, error);
  }
}

async function readRange(path: string, offset: number, bytes: number): Promise<Buffer | null> {
  try {
    const file = await open(path, readNoLink);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(bytes), 0, bytes, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isLink(error)) throw linked(path);
    if (isAbsent(error)) return null;
    throw unreadable(path, error);
  }
}

function readStream(path: string, prove: () => Promise<void>): Readable {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      await prove();
      const file = await patiently(() => open(path, readNoLink));
      yield* file.createReadStream();
    } catch (error) {
      if (isCoded(error)) throw error;
      if (isLink(error)) throw linked(path);
      throw isAbsent(error) ? missing(path) : unreadable(path, error);
    }
  }
  return Readable.from(chunks(), { objectMode: false });
}

/** What opening a symbolic link with `readNoLink` fails with. */
function isLink(error: unknown): boolean {
  return systemCode(error) === 'ELOOP' || systemCode(error) === 'EMLINK';
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
    const names = await patiently(() => readdir(path));
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

/** Checks the root, its entries, and the last entry of each. */
async function openToOthers(root: string): Promise<string | null> {
  const names = await list(root);
  const folders = names.map(name => join(root, name));
  const inside = await Promise.all(folders.map(async folder => [folder, (await list(folder)).at(-1)] as const));
  const deeper = inside.flatMap(([folder, name]) => (name === undefined ? [] : [join(folder, name)]));
  for (const place of [root, ...folders, ...deeper]) {
    const found = await stat(place).catch(() => null);
    if (found !== null && (found.mode & 0o077) !== 0) return place;
  }
  return null;
}

/** Files with a temporary name, in any folder; files that vanish in the meantime are left out. */
async function* leftovers(folder: string, before: number): AsyncGenerator<Leftover> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isAbsent(error)) return [];
    throw unreadable(folder, error);
  });
  for (const entry of entries) {
    const place = join(folder, entry.name);
    if (entry.isDirectory()) yield* leftovers(place, before);
    if (!entry.isFile() || !(temporary.test(entry.name) || claimName.test(entry.name))) continue;
    const found = await about(place);
    if (found !== null && found.at < before)
      yield { place, bytes: found.bytes, remove: () => rm(place, { force: true }) };
  }
}
