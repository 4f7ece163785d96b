import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { governanceFlagOf, inferenceEntry, inferenceEntryOf } from '../../../src/domain/entity/audit-entry.ts';
import {
  addTotals,
  meansOf,
  noTotals,
  observationOf,
  windowMetrics,
  windowMetricsOf,
} from '../../../src/domain/entity/metrics.ts';
import { batchLine, type ExtractionResult, extractionResult } from '../../../src/domain/entity/result.ts';

function resultWith(confidences: readonly number[], changes: Partial<ExtractionResult> = {}): ExtractionResult {
  return {
    input_text: 'a refund',
    language: 'en-US',
    processing_time_ms: 12.5,
    cache_source: 'api',
    freshness_age_sec: 0,
    entities: confidences.map((confidence, index) => ({
      name: `n${index % 2}`,
      value: 'a',
      confidence,
      start: 0,
      end: 1,
    })),
    dropped_intents: 0,
    audit_status: 'LOGGED',
    ...changes,
  };
}

describe('the governance flag', () => {
  it.each([
    [[], 'REVIEW'],
    [[0.85], 'COMPLIANT'],
    [[0.8499], 'REVIEW'],
    [[0.99, 0.84], 'REVIEW'],
    [[0.99, 0.9], 'COMPLIANT'],
  ] as const)('of confidences %j is %s', (confidences, flag) => {
    expect(governanceFlagOf(confidences.map(confidence => ({ confidence })))).toBe(flag);
  });
});

describe('an audit entry', () => {
  it('has the contract’s fields and the first 100 characters', () => {
    const entry = inferenceEntryOf(resultWith([0.9, 0.5], { input_text: '😀'.repeat(150) }), '2026-11-18T15:00:00Z');
    expect(inferenceEntry.parse(entry)).toEqual({
      timestamp: '2026-11-18T15:00:00Z',
      input_text: '😀'.repeat(100),
      language: 'en-US',
      entity_count: 2,
      high_confidence_count: 1,
      latency_ms: 12.5,
      source: 'api',
      governance_flag: 'REVIEW',
    });
  });
});

describe('metrics', () => {
  const arbitraryResult = fc
    .record({
      confidences: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
      processing_time_ms: fc.double({ min: 0, max: 1e5, noNaN: true }),
      cache_source: fc.constantFrom('api' as const, 'cache' as const, 'stale' as const, 'batch' as const),
    })
    .map(({ confidences, ...changes }) => resultWith(confidences, changes));

  it('are true means of the results, in whatever order they are added', () => {
    fc.assert(
      fc.property(fc.array(arbitraryResult, { minLength: 1, maxLength: 20 }), results => {
        const totals = results.map(observationOf).reduce(addTotals, noTotals);
        expect([...results].reverse().map(observationOf).reduce(addTotals, noTotals)).toEqual(totals);
        const mean = (values: readonly number[]) =>
          values.reduce((sum, each) => sum + each, 0) / Math.max(1, values.length);
        const { avgLatencyMs, avgEntityConfidence, cacheHitRate } = meansOf(totals);
        expect(Math.abs(avgLatencyMs - mean(results.map(each => each.processing_time_ms)))).toBeLessThan(0.006);
        const confidences = results.flatMap(each => each.entities.map(({ confidence }) => confidence));
        expect(Math.abs(avgEntityConfidence - mean(confidences))).toBeLessThan(0.000_06);
        const hits = results.filter(each => each.cache_source === 'cache' || each.cache_source === 'batch').length;
        expect(cacheHitRate).toBeCloseTo(hits / results.length, 3);
      }),
    );
  });

  it('are kept by entity name too', () => {
    const { byName } = observationOf(resultWith([0.5, 0.25, 0.75]));
    expect(Object.fromEntries(byName)).toEqual({
      n0: { entities: 2, confidenceMillionths: 1_250_000 },
      n1: { entities: 1, confidenceMillionths: 250_000 },
    });
  });

  it('are sent in the webhook’s form', () => {
    const ten = Array.from({ length: 10 }, (_, index) =>
      resultWith([0.9], { cache_source: index < 3 ? 'cache' : 'api' }),
    );
    const sent = windowMetricsOf(ten.map(observationOf).reduce(addTotals, noTotals), '2026-11-18T15:00:00Z');
    expect(windowMetrics.parse(sent)).toEqual({
      metric_type: 'nlu_extraction_performance',
      window_requests: 10,
      avg_latency_ms: 12.5,
      cache_hit_rate: 0.3,
      avg_entity_confidence: 0.9,
      timestamp: '2026-11-18T15:00:00Z',
    });
    expect(meansOf(noTotals)).toEqual({ avgLatencyMs: 0, cacheHitRate: 0, avgEntityConfidence: 0 });
  });
});

describe('a result', () => {
  it('has the contract’s shape, as a batch line with its place or an error', () => {
    expect(extractionResult.safeParse(resultWith([0.5])).success).toBe(true);
    expect(batchLine.safeParse({ ...resultWith([]), line: 3, id: 'a' }).success).toBe(true);
    expect(batchLine.safeParse({ line: 4, error: { code: 'PLATFORM_REFUSED', message: 'refused' } }).success).toBe(
      true,
    );
    expect(batchLine.safeParse({ ...resultWith([]), line: 0 }).success).toBe(false);
    expect(extractionResult.safeParse({ ...resultWith([]), extra: 1 }).success).toBe(false);
  });
});
