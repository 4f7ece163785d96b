/** The longest wait that a platform can cause, whatever it asks for. */
const longestMs = 15 * 60_000;

/**
 * Milliseconds that a `Retry-After` asks for: seconds, or an HTTP date read against the answer's own `Date` (whose
 * clock need not be ours); `null` if it is missing, unreadable, or asks for no wait.
 */
export function retryAfterMs(headers: Readonly<Record<string, string | undefined>>): number | null {
  const text = headers['retry-after']?.trim();
  if (text === undefined || text === '') return null;
  const isDate = /^[A-Z][a-z]{2}, /.test(text);
  const ms = isDate
    ? Date.parse(text) - Date.parse(headers.date ?? '')
    : /^\d+(\.\d+)?$/.test(text)
      ? Number(text) * 1000
      : 0;
  // An immediate retry after a refusal would be refused again.
  return ms > 0 ? Math.min(ms, longestMs) : null;
}

/**
 * Whether a 503 that requires a wait of `ms` is waited for: for 15 minutes in all; after that it uses up attempts.
 * @param since when the first in a row came, by `performance.now`; `undefined` for the first
 */
export function isWithinMaintenance(since: number | undefined, ms: number): boolean {
  const now = performance.now();
  return now - (since ?? now) + ms <= longestMs;
}

/** Without a `Retry-After`: 1 s doubled with each refusal in a row up to 60 s, plus up to half of it at random. */
export function refusalBackoffMs(refusalsInARow: number): number {
  const base = Math.min(1000 * 2 ** (refusalsInARow - 1), 60_000);
  return base * (1 + Math.random() / 2);
}
