import { randomUUID } from 'node:crypto';
import { access, link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { systemCode } from '../../errors.ts';
import { isAbsent } from './file-failures.ts';
import { privateFile } from './private.ts';

/** How long a claim may be held, in ms: it is needed for two system calls. */
const claimMs = 60_000;
const pollMs = 50;

/**
 * Gives a complete file its final name, unless the name is taken. Atomic: of several writers, on one host or many, one
 * succeeds, and a reader sees all of the file or nothing.
 * @param temporary in the folder of `path`; the caller removes it
 * @returns whether this call created `path`
 * @throws system errors
 */
export async function publish(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    const code = systemCode(error);
    // NFS repeats a request whose answer was lost, and then reports the link that it has made itself.
    if (code === 'EEXIST') {
      const taken = await taking(temporary, path);
      if (taken !== null) return taken;
    }
    if (code === undefined || !withoutLinks.includes(code)) throw error;
    return await publishByClaim(temporary, path);
  }
}

/** What file systems without hard links answer: SMB, Azure Files, exFAT, some of FUSE. */
const withoutLinks: readonly string[] = [
  'EPERM',
  'EACCES',
  'EOPNOTSUPP',
  'ENOTSUP',
  'ENOSYS',
  'EINVAL',
  'EMLINK',
  'EXDEV',
];

/** Whether `path` is the file `temporary` under a second name; `null` if there is nothing at `path`. */
async function taking(temporary: string, path: string): Promise<boolean | null> {
  try {
    const [own, found] = await Promise.all([stat(temporary, { bigint: true }), stat(path, { bigint: true })]);
    return own.ino === found.ino && own.dev === found.dev && own.nlink > 1n;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/**
 * Without hard links: a file that is created exclusively claims the name, and its holder renames into place. The claim of
 * a killed process is removed after `claimMs`. A holder that is stopped for longer than that between two system calls, and
 * then goes on, could replace a file; with hard links that is impossible.
 */
async function publishByClaim(temporary: string, path: string): Promise<boolean> {
  const claim = claimOf(path);
  const owner = randomUUID();
  let holder: Holder | null = null;
  while (!(await createClaim(claim, owner))) {
    if (await isThere(path)) return false;
    holder = await lookAt(claim, holder);
    await pause(pollMs);
  }
  try {
    if (await isThere(path)) return false;
    if ((await readIfThere(claim)) !== owner) return await publishByClaim(temporary, path);
    await rename(temporary, path);
    return true;
  } finally {
    if ((await readIfThere(claim).catch(() => null)) === owner) await rm(claim, { force: true }).catch(() => undefined);
  }
}

/** Hidden, as temporary files are. */
function claimOf(path: string): string {
  return join(dirname(path), `.claim-${basename(path)}`);
}

export const claimName = /^\.claim-/;

async function createClaim(claim: string, owner: string): Promise<boolean> {
  try {
    const file = await open(claim, 'wx', privateFile);
    await file.writeFile(owner).finally(() => file.close());
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** The holder of a claim, and since when this process has seen it hold it, by `performance.now`. */
interface Holder {
  readonly owner: string | null;
  readonly since: number;
}

/**
 * Removes a claim that one holder has kept for `claimMs`. Clocks of other hosts play no part. A holder whose claim is
 * removed too early notices it, and starts again.
 */
async function lookAt(claim: string, before: Holder | null): Promise<Holder> {
  const owner = await readIfThere(claim);
  const now = performance.now();
  if (before === null || owner !== before.owner) return { owner, since: now };
  if (now - before.since < claimMs) return before;
  await rm(claim, { force: true });
  return { owner: null, since: now };
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}
