/** However long a platform asks us to wait, we look again after this. */
const longestMs = 15 * 60_000;

/**
 * Milliseconds that a `Retry-After` asks for: seconds, or an HTTP date read against the answer's own `Date` (whose
 * clock need not be ours); `null` where there is none or it cannot be read.
 */
export function retryAfterMs(headers: Readonly<Record<string, string | undefined>>): number | null {
  const text = headers['retry-after']?.trim();
  if (text === undefined || text === '') return null;
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.parse(headers.date ?? '');
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), longestMs);
}

/** Without a `Retry-After`: 1 s doubled with each refusal in a row up to 60 s, and up to half of it more by chance. */
export function refusalBackoffMs(refusalsInARow: number): number {
  const base = Math.min(1000 * 2 ** (refusalsInARow - 1), 60_000);
  return base * (1 + Math.random() / 2);
}
