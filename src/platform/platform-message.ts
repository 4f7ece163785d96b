import { z } from 'zod';

const shapes = z.union([
  z.object({ error_description: z.string() }).transform(body => body.error_description),
  z.object({ message: z.string() }).transform(body => body.message),
  z.object({ error: z.string() }).transform(body => body.error),
]);

/**
 * The platform's own message about a refusal, as ` (…)` to append to a sentence; empty if it has no readable message. A
 * platform may repeat the request: `secrets` and bearer tokens are left out.
 */
export function platformMessage(body: unknown, secrets: readonly string[]): string {
  const parsed = shapes.safeParse(body);
  return parsed.success ? ` (it says: ${masked(parsed.data, secrets).slice(0, 300)})` : '';
}

function masked(text: string, secrets: readonly string[]): string {
  const spellings = secrets.flatMap(secret => [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ]);
  const without = spellings
    .filter(each => each !== '')
    .reduce((rest, each) => rest.replaceAll(each, '[redacted]'), text);
  return without.replace(/bearer\s+\S+/gi, 'Bearer [redacted]');
}
