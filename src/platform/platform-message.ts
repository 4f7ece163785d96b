import { z } from 'zod';

const shapes = z.union([
  z.object({ error_description: z.string() }).transform(body => body.error_description),
  z.object({ message: z.string() }).transform(body => body.message),
  z.object({ error: z.string() }).transform(body => body.error),
]);

/**
 * The platform's own message about a refusal, as ` (…)` to append to a sentence; empty if it has no readable message. A
 * platform may repeat the request: `secrets`, bearer tokens and pieces of the customer's text `confidential` are left out.
 */
export function platformMessage(body: unknown, secrets: readonly string[], confidential = ''): string {
  const parsed = shapes.safeParse(body);
  if (!parsed.success) return '';
  return ` (it says: ${withoutQuotes(masked(parsed.data, secrets), confidential).slice(0, 300)})`;
}

/** Shorter pieces of a text are words that any message may contain. */
const shortestQuote = 10;

/** `message` with each piece of `text` that it quotes left out; letter case and the form of white space do not matter. */
function withoutQuotes(message: string, text: string): string {
  const plain = (each: string) => each.replace(/\s/g, ' ').toLowerCase();
  const said = plain(message);
  const whole = plain(text).trim();
  // Lower case may change a length: then places in the one are not places in the other.
  if (whole === '' || said.length !== message.length) return whole === '' ? message : '[redacted]';
  const length = Math.min(shortestQuote, whole.length);
  const pieces = new Set(Array.from({ length: whole.length - length + 1 }, (_, at) => whole.slice(at, at + length)));
  let shown = '';
  let hiddenTo = 0;
  for (let at = 0; at < message.length; at++) {
    if (pieces.has(said.slice(at, at + length))) {
      if (at >= hiddenTo) shown += '[redacted]';
      hiddenTo = at + length;
    }
    if (at >= hiddenTo) shown += message[at];
  }
  return shown;
}

function masked(text: string, secrets: readonly string[]): string {
  return withoutSecrets(text, secrets).replace(/bearer\s+\S+/gi, 'Bearer [redacted]');
}

/** A text of the platform without our secrets, however they are escaped. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const spellings = secrets.flatMap(secret => [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ]);
  return spellings.filter(each => each !== '').reduce((rest, each) => rest.replaceAll(each, '[redacted]'), text);
}
