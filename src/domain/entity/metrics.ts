import { z } from 'zod';
import type { Language } from './language.ts';
import type { ExtractionResult } from './result.ts';

/**
 * Sums over results. All are integers (latency in microseconds, confidence in millionths), so that they are the same in
 * whatever order results are added, also by counters in Redis.
 */
export interface Totals {
  readonly requests: number;
  readonly latencyUs: number;
  /** Requests that were answered without a call: from the cache, or by an equal request of the batch. */
  readonly cacheHits: number;
  readonly entities: number;
  readonly confidenceMillionths: number;
}

export const noTotals: Totals = { requests: 0, latencyUs: 0, cacheHits: 0, entities: 0, confidenceMillionths: 0 };

/** What one result adds to the totals, and to those of each entity name. */
export interface Observation extends Totals {
  readonly language: Language;
  readonly byName: ReadonlyMap<string, Pick<Totals, 'entities' | 'confidenceMillionths'>>;
}

export function observationOf({ entities, ...result }: ExtractionResult): Observation {
  const byName = new Map<string, { entities: number; confidenceMillionths: number }>();
  for (const { name, confidence } of entities) {
    const sum = byName.get(name) ?? { entities: 0, confidenceMillionths: 0 };
    sum.entities += 1;
    sum.confidenceMillionths += millionths(confidence);
    byName.set(name, sum);
  }
  return {
    requests: 1,
    latencyUs: Math.round(result.processing_time_ms * 1000),
    cacheHits: result.cache_source === 'cache' || result.cache_source === 'batch' ? 1 : 0,
    entities: entities.length,
    confidenceMillionths: entities.reduce((sum, { confidence }) => sum + millionths(confidence), 0),
    language: result.language,
    byName,
  };
}

function millionths(confidence: number): number {
  return Math.round(confidence * 1e6);
}

export function addTotals(one: Totals, other: Totals): Totals {
  return {
    requests: one.requests + other.requests,
    latencyUs: one.latencyUs + other.latencyUs,
    cacheHits: one.cacheHits + other.cacheHits,
    entities: one.entities + other.entities,
    confidenceMillionths: one.confidenceMillionths + other.confidenceMillionths,
  };
}

/** Means of totals; 0 where there is nothing to take the mean of. */
export interface Means {
  /** 2 decimals. */
  readonly avgLatencyMs: number;
  /** 4 decimals. */
  readonly cacheHitRate: number;
  /** Over all entities, not requests; 4 decimals. */
  readonly avgEntityConfidence: number;
}

export function meansOf(totals: Totals): Means {
  return {
    avgLatencyMs: rounded(ratio(totals.latencyUs, totals.requests) / 1000, 2),
    cacheHitRate: rounded(ratio(totals.cacheHits, totals.requests), 4),
    avgEntityConfidence: rounded(ratio(totals.confidenceMillionths, totals.entities) / 1e6, 4),
  };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function rounded(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}

/** What is sent to the analytics webhook every 10 requests: the means of these. */
export const windowMetrics = z.strictObject({
  metric_type: z.literal('nlu_extraction_performance'),
  window_requests: z.number().int().positive(),
  avg_latency_ms: z.number().nonnegative(),
  cache_hit_rate: z.number().min(0).max(1),
  avg_entity_confidence: z.number().min(0).max(1),
  timestamp: z.iso.datetime({ offset: true }),
});
export type WindowMetrics = z.infer<typeof windowMetrics>;

/** @param timestamp of the last result of the window, ISO 8601 */
export function windowMetricsOf(window: Totals, timestamp: string): WindowMetrics {
  const { avgLatencyMs, cacheHitRate, avgEntityConfidence } = meansOf(window);
  return {
    metric_type: 'nlu_extraction_performance',
    window_requests: window.requests,
    avg_latency_ms: avgLatencyMs,
    cache_hit_rate: cacheHitRate,
    avg_entity_confidence: avgEntityConfidence,
    timestamp,
  };
}
