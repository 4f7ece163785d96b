import { z } from 'zod';
import { language } from './language.ts';
import { cacheSource, type ExtractionResult } from './result.ts';

/** An entity of at least this confidence needs no review. */
export const highConfidence = 0.85;

export const governanceFlag = z.enum(['COMPLIANT', 'REVIEW']);
export type GovernanceFlag = z.infer<typeof governanceFlag>;

/** What the audit log keeps of one inference. */
export const inferenceEntry = z.strictObject({
  timestamp: z.iso.datetime({ offset: true }),
  /** The first 100 characters; kept in a side file that can be erased. */
  input_text: z.string(),
  language,
  entity_count: z.number().int().nonnegative(),
  high_confidence_count: z.number().int().nonnegative(),
  latency_ms: z.number().nonnegative(),
  source: cacheSource,
  governance_flag: governanceFlag,
});
export type InferenceEntry = z.infer<typeof inferenceEntry>;

const auditedCharacters = 100;

/** @param timestamp of the result, ISO 8601 */
export function inferenceEntryOf(result: ExtractionResult, timestamp: string): InferenceEntry {
  return {
    timestamp,
    input_text: firstCharacters(result.input_text, auditedCharacters),
    language: result.language,
    entity_count: result.entities.length,
    high_confidence_count: result.entities.filter(isHighConfidence).length,
    latency_ms: result.processing_time_ms,
    source: result.cache_source,
    governance_flag: governanceFlagOf(result.entities),
  };
}

/** `COMPLIANT` where there is at least one entity and each has a high confidence. */
export function governanceFlagOf(entities: readonly { readonly confidence: number }[]): GovernanceFlag {
  return entities.length > 0 && entities.every(isHighConfidence) ? 'COMPLIANT' : 'REVIEW';
}

function isHighConfidence({ confidence }: { readonly confidence: number }): boolean {
  return confidence >= highConfidence;
}

/** Code points, so that no character is cut in two. */
function firstCharacters(text: string, most: number): string {
  // 100 characters are in the first 200 code units: a long text is not taken apart.
  return [...text.slice(0, 2 * most)].slice(0, most).join('');
}
