import { z } from 'zod';

const shapes = z.union([
  z.object({ error_description: z.string() }).transform(body => body.error_description),
  z.object({ message: z.string() }).transform(body => body.message),
  z.object({ error: z.string() }).transform(body => body.error),
]);

/** What the platform itself says of a refusal, as ` (…)` for a sentence; empty where it says nothing we can read. */
export function platformMessage(body: unknown): string {
  const parsed = shapes.safeParse(body);
  return parsed.success ? ` (it says: ${parsed.data.slice(0, 300)})` : '';
}
