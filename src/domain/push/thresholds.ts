import { z } from 'zod';

/** An intent of the tenant. */
export const tenantIntent = z.object({ id: z.string(), name: z.string() });
export type TenantIntent = z.infer<typeof tenantIntent>;

const confidence = z.number().min(0).max(1);

/** All thresholds of a tenant at once, as they are pushed: an intent that is not among them has the global one. */
export const thresholds = z.object({
  global: confidence,
  intents: z.array(
    z.object({
      intentId: z.string(),
      name: z.string(),
      threshold: confidence,
      /** Why the value of the push before was sent along unchanged; absent for a new one. */
      carried: z.string().optional(),
    }),
  ),
});
export type Thresholds = z.infer<typeof thresholds>;
