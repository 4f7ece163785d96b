import type { Inference } from '../../src/domain/entity/inference.ts';
import type { ExtractionResult } from '../../src/domain/entity/result.ts';

const sources = ['api', 'cache', 'stale', 'batch'] as const;
const languages = ['en-US', 'de-DE'] as const;

/** A result with up to three entities, whose figures differ from index to index. */
export function resultOf(index: number, changes: Partial<ExtractionResult> = {}): ExtractionResult {
  return {
    input_text: `the words of customer ${index}`,
    language: languages[index % 2] ?? 'en-US',
    processing_time_ms: (index % 97) + 0.125,
    cache_source: sources[index % 4] ?? 'api',
    freshness_age_sec: 0,
    entities: Array.from({ length: index % 4 }, (_, nth) => ({
      name: nth === 0 ? 'product' : 'date',
      value: `value ${index}`,
      confidence: 0.8 + ((index + nth) % 20) / 100,
      start: 0,
      end: 3,
    })),
    dropped_intents: 0,
    audit_status: 'LOGGED',
    ...changes,
  };
}

export function inferenceOf(index: number, changes: Partial<Inference> = {}): Inference {
  return {
    requestId: `extract.${index}`,
    by: 'key:crm',
    types: ['product', 'date'],
    result: resultOf(index),
    at: Date.UTC(2026, 10, 28) + index,
    ...changes,
  };
}
