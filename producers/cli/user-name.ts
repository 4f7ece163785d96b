import { userInfo } from 'node:os';

/** Who is at the keyboard, for the records; a user without a name, as in some containers, is a number. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? process.env.LOGNAME ?? `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
