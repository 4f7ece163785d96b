import { governanceFlagOf } from '../../domain/entity/audit-entry.ts';
import type { Inference } from '../../domain/entity/inference.ts';
import { observationOf, type Totals } from '../../domain/entity/metrics.ts';
import type { CounterName, TimerName } from '../counters/metrics.ts';
import { boundOf, joint, total } from '../counters/shared-counters.ts';

/** What one inference adds to the shared counters. */
export interface Counted {
  /** By field of the sums. */
  readonly fields: Readonly<Record<string, number>>;
  /** What depends on the entity's type, whose number of values is limited where it is counted. */
  readonly types: readonly CountedType[];
  readonly totals: Totals;
}

/** Fields `start + type + end`, by their ends. */
export interface CountedType {
  readonly start: string;
  readonly type: string;
  readonly fields: Readonly<Record<string, number>>;
}

/** The type of entities that were not requested, and of those beyond the limit. */
export const otherType = 'other';

const requests: CounterName = 'cxone_entity_requests_total';
const reviews: CounterName = 'cxone_entity_reviews_total';
const latency: TimerName = 'cxone_entity_latency_seconds';
const confidences: TimerName = 'cxone_entity_confidence_ratio';

export function countedOf({ result, types }: Pick<Inference, 'result' | 'types'>): Counted {
  const { language, latencyUs, ...totals } = observationOf(result);
  const isReview = governanceFlagOf(result.entities) === 'REVIEW';
  return {
    fields: {
      [field(requests, language, result.cache_source)]: 1,
      [field(latency, language, boundOf(latency, latencyUs / 1e6))]: 1,
      [field(latency, language, total)]: latencyUs,
      ...(isReview ? { [field(reviews, language)]: 1 } : {}),
    },
    types: countedTypes(result.entities, language, types),
    totals: {
      requests: totals.requests,
      latencyUs,
      cacheHits: totals.cacheHits,
      entities: totals.entities,
      confidenceMillionths: totals.confidenceMillionths,
    },
  };
}

function countedTypes(
  entities: readonly { readonly name: string; readonly confidence: number }[],
  language: string,
  requested: readonly string[],
): CountedType[] {
  const byType = new Map<string, Record<string, number>>();
  for (const { name, confidence } of entities) {
    const type = requested.includes(name) && isLabel(name) ? name : otherType;
    const fields = byType.get(type) ?? {};
    byType.set(type, fields);
    add(fields, joint + boundOf(confidences, confidence), 1);
    add(fields, joint + total, Math.round(confidence * 1e6));
  }
  const start = field(confidences, language, '');
  return [...byType].map(([type, fields]) => ({ start, type, fields }));
}

function add(fields: Record<string, number>, name: string, by: number): void {
  fields[name] = (fields[name] ?? 0) + by;
}

/** A word: a type is given by the caller, and must neither break a field apart nor hold a text. */
function isLabel(type: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_.-]{0,39}$/.test(type);
}

function field(...parts: readonly string[]): string {
  return parts.join(joint);
}
