import { z } from 'zod';
import { grains } from './dates/reading.ts';

/** What an entity's words mean, in a form for programs. */
export const normalized = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('date'),
    /** ISO 8601: a date, a date-time with offset, or an interval of either (the last day of days is included). */
    value: z.string(),
    grain: z.enum(grains),
    alternatives: z.array(z.string()).min(1).optional(),
  }),
  z.strictObject({ kind: z.literal('number'), value: z.number() }),
  /** 12.5 for 12.5 %. */
  z.strictObject({ kind: z.literal('percentage'), value: z.number() }),
  /** The currency is ISO 4217, and missing where it is not named. */
  z.strictObject({ kind: z.literal('money'), value: z.number(), currency: z.string().length(3).optional() }),
  z.strictObject({ kind: z.literal('phone'), value: z.string() }),
]);
export type Normalized = z.infer<typeof normalized>;
