import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The content of an `Authorization` header: `Bearer KEY`, `Basic BASE64`. */
export interface Credentials {
  /** In lower case. */
  readonly scheme: string;
  readonly value: string;
}

/**
 * The credentials of a request, `null` if it has none. Runs in time linear in the header's length: no regular
 * expression, because it may backtrack.
 */
export function credentialsOf({ authorization = '' }: IncomingHttpHeaders): Credentials | null {
  const end = authorization.indexOf(' ');
  if (end < 1) return null;
  return { scheme: authorization.slice(0, end).toLowerCase(), value: authorization.slice(end).trim() };
}

export function isKey({ scheme, value }: Credentials, key: string): boolean {
  return scheme === 'bearer' && isSame(value, key);
}

export function isLogin({ scheme, value }: Credentials, login: { readonly user: string; readonly password: string }) {
  if (scheme !== 'basic') return false;
  return isSame(Buffer.from(value, 'base64').toString('utf8'), `${login.user}:${login.password}`);
}

/** Compares in constant time. */
function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(sha256(given), sha256(wanted));
}

export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
