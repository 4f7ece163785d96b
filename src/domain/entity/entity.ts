import { z } from 'zod';
import { normalized } from './normalized.ts';

/** An entity of a result. */
export const entity = z.strictObject({
  name: z.string(),
  /** The normalized word. */
  value: z.string(),
  /** The platform's value, where it differs. */
  raw_value: z.string().optional(),
  confidence: z.number().min(0).max(1),
  /** UTF-16 offsets into the text, the end not included. */
  start: z.number().int(),
  end: z.number().int(),
  /** The value is not at `start` to `end`; these are the platform's offsets. */
  span_mismatch: z.literal(true).optional(),
  normalized: normalized.optional(),
});
export type Entity = z.infer<typeof entity>;
