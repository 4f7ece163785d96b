/** The longest wait that is honoured, in seconds. */
export const longestWaitS = 30;

/**
 * The seconds that a client wants to wait for the result, from the `Prefer` header (RFC 7240): at most 30. A preference that
 * is not valid is ignored, as the RFC requires; of several the first counts.
 * @returns `null` without a wish to wait
 */
export function waitPreference(header: string | readonly string[] | undefined): number | null {
  const preferences = [header ?? []].flat().join(',').split(',');
  for (const preference of preferences) {
    const [token = ''] = preference.split(';', 1);
    const end = token.indexOf('=');
    if (end < 0 || token.slice(0, end).trim().toLowerCase() !== 'wait') continue;
    const value = unquoted(token.slice(end + 1).trim());
    return /^\d{1,9}$/.test(value) ? Math.min(Number(value), longestWaitS) : null;
  }
  return null;
}

function unquoted(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
