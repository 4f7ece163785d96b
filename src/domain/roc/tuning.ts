import { z } from 'zod';
import { intentTuning, tuningParameters } from './result.ts';

/** What a tuning came to: of each intent that the tenant has, and that the export has samples of, its threshold. */
export const tuning = z.object({
  tuning: z.string(),
  at: z.string(),
  /** The export: original file name, size in bytes, and hash. */
  csv: z.object({ name: z.string(), bytes: z.number().int(), sha256: z.string(), rows: z.number().int() }),
  parameters: tuningParameters,
  /** The median of the thresholds that may be pushed, 3 decimals; `null` where none may. */
  globalThreshold: z.number().nullable(),
  intents: z.array(intentTuning.extend({ name: z.string() })),
  /** Ids of the export that are not intents of the tenant. */
  skipped: z.array(z.string()),
  /** The tenant's intents when it was asked, in its order. */
  tenantIntents: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type Tuning = z.infer<typeof tuning>;
