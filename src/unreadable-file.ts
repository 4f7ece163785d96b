import { systemCode } from './errors.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'file not found',
  ENOTDIR: 'file not found',
  EISDIR: 'this is a folder. Give the path of a file',
  EACCES: 'permission to read this file denied. Change its permissions',
  EPERM: 'permission to read this file denied. Change its permissions',
};

/** Why a file that a user named cannot be read, and what to do; `null`: `error` is not about reading a file. */
export function whyUnreadable(error: unknown): string | null {
  const code = systemCode(error);
  if (code === undefined || !/^E[A-Z]+$/.test(code)) return null;
  return reasons[code] ?? `this file cannot be read (${code})`;
}
