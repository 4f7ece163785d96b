import { z } from 'zod';

/** An answered page as it is kept, `runs/<run>/pages/<ask>`: the records as they were sent, and when they were asked for. */
export const storedPage = z.strictObject({
  /** Our clock, in ms. */
  sentAt: z.number(),
  /** Rows that the platform counted under the filter. */
  total: z.number().int(),
  interactions: z.array(z.unknown()),
});
export type StoredPage = z.infer<typeof storedPage>;
