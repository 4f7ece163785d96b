import type { Json, JsonObject } from './entry.ts';

/**
 * Details as they may be kept for ever: URLs lose what can hold a signature or a login (query, fragment, user and
 * password), and a value whose name says that it is a secret is left out. Cleaning twice is cleaning once.
 */
export function cleanDetails(details: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => [cleanText(name), isSecret(name) ? hidden(value) : clean(value)]),
  );
}

/** As `cleanDetails`, of one text, which may hold URLs anywhere. */
export function cleanText(text: string): string {
  return text.replace(url, cleanUrl).replace(bearer, `$1 ${redacted}`);
}

const redacted = '[redacted]';

/** To the next white space: rather too much is cut than the end of a signature left. */
const url = /\b[a-z][a-z0-9+.-]*:[/\\]{2}[^\s]+/gi;
const bearer = /\b(bearer)\s+(?!\[)\S+/gi;
const secretName =
  /(token|secret|password|passwd|passphrase|authorization|cookie|signature|credential|(private|api|access)[_-]?key)s?$/i;

function clean(value: Json): Json {
  if (typeof value === 'string') return cleanText(value);
  if (isList(value)) return value.map(clean);
  return typeof value === 'object' && value !== null ? cleanDetails(value) : value;
}

/** `Array.isArray` does not narrow a read-only array. */
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function cleanUrl(text: string): string {
  const [place = ''] = text.split(/[?#]/, 1);
  const [scheme = ''] = /^[^:]*:[/\\]{2}/.exec(place) ?? [];
  const [authority = ''] = place.slice(scheme.length).split(/[/\\]/, 1);
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return `${scheme}${host}${place.slice(scheme.length + authority.length)}`;
}

function isSecret(name: string): boolean {
  return secretName.test(name);
}

/** Numbers and the like give nothing away, and `null` says that there was none. */
function hidden(value: Json): Json {
  return value === null || typeof value === 'boolean' || typeof value === 'number' ? value : redacted;
}
