import { isCoded, MlopsError, systemCode } from '../../errors.ts';

/** Whether `error` says that there is nothing at a path. */
export function isAbsent(error: unknown): boolean {
  return systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR';
}

export function missing(path: string): MlopsError {
  return new MlopsError('ARTIFACT_MISSING', `${path} not found`, { where: path });
}

/** A store that this process used is gone, or another one is in its place: a mount or a network disk was lost. */
export function storeGone(root: string): MlopsError {
  return new MlopsError(
    'STORE_UNREADABLE',
    `the artifact store at ${root} is gone, or another one is in its place: its file tenant/store-id is missing or differs. Mount the store again, then retry; nothing was written`,
    { where: root },
  );
}

export function storeAbsent(root: string): MlopsError {
  return new MlopsError(
    'STORE_UNREADABLE',
    `artifact store not found at ${root}: mount it, or check ARTIFACTS_URL; nothing was written`,
    { where: root },
  );
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

/** Transient errors of a disk or a network file system. */
const passing: readonly string[] = ['EMFILE', 'ENFILE', 'EIO', 'ESTALE', 'EAGAIN', 'ETIMEDOUT', 'EBUSY', 'EINTR'];

export function unwritable(path: string, cause: unknown): Error {
  // An error of the content's own source is passed on unchanged.
  if (isCoded(cause)) return cause;
  const code = systemCode(cause);
  if (code === undefined) return cause instanceof Error ? cause : new Error(String(cause));
  return new MlopsError(
    passing.includes(code) ? 'STORE_TROUBLE' : 'STORE_UNWRITABLE',
    `cannot write ${path}: ${remedies[code] ?? code}`,
    { where: path, cause },
  );
}

export function unreadable(path: string, cause: unknown): MlopsError {
  const code = systemCode(cause) ?? 'unknown error';
  return new MlopsError(
    passing.includes(code) ? 'STORE_TROUBLE' : 'STORE_UNREADABLE',
    `cannot read ${path}: ${remedies[code] ?? code}`,
    { where: path, cause },
  );
}
