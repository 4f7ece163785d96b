import { z } from 'zod';
import { entity } from './entity.ts';
import { language } from './language.ts';

/** Where an answer is from: the platform, the cache, the cache because the platform failed, or an equal request of the batch. */
export const cacheSource = z.enum(['api', 'cache', 'stale', 'batch']);

/** The result of one request. */
export const extractionResult = z.strictObject({
  input_text: z.string(),
  language,
  /** From taking up the request to its result, measured by us. */
  processing_time_ms: z.number().nonnegative(),
  cache_source: cacheSource,
  /** How long ago the platform gave the answer. */
  freshness_age_sec: z.number().nonnegative(),
  entities: z.array(entity),
  dropped_intents: z.number().int().nonnegative(),
  audit_status: z.literal('LOGGED'),
});
export type ExtractionResult = z.infer<typeof extractionResult>;

const place = {
  /** From 1, counting empty lines. */
  line: z.number().int().positive(),
  /** The input's. */
  id: z.string().optional(),
};

/** A line of a batch's results: the result or the error. */
export const batchLine = z.union([
  z.strictObject({ ...place, ...extractionResult.shape }),
  z.strictObject({ ...place, error: z.strictObject({ code: z.string(), message: z.string() }) }),
]);
