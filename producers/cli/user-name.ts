import { userInfo } from 'node:os';

/** The user's name, for the records; the uid if the user has no name, as in some containers. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? process.env.LOGNAME ?? `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
