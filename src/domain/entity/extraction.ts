import type { WordTable } from './normalization.ts';
import { normalizeEntities } from './normalize-entities.ts';
import type { PlatformEntity } from './platform-answer.ts';
import type { ResolvedRequest } from './request.ts';
import type { ExtractionResult } from './result.ts';

/** How a request was answered. */
export interface Answering {
  readonly source: ExtractionResult['cache_source'];
  /** Since the platform gave the answer, in ms. */
  readonly ageMs: number;
  /** From taking up the request to its answer, in ms. */
  readonly tookMs: number;
  /** What relative dates refer to if the request does not say, in ms since 1970. */
  readonly now: number;
}

/** The result of a request, from the platform's answer to it. */
export function extractionResultOf(
  { text, language, timeZone, referenceTime, prefer }: ResolvedRequest,
  found: readonly PlatformEntity[],
  table: WordTable,
  { source, ageMs, tookMs, now }: Answering,
): ExtractionResult {
  const at = referenceTime === undefined ? now : Date.parse(referenceTime);
  const { entities, droppedIntents } = normalizeEntities(text, found, table, {
    language,
    timeZone,
    referenceTime: at,
    prefer,
  });
  return {
    input_text: text,
    language,
    processing_time_ms: decimals(tookMs, 3),
    cache_source: source,
    freshness_age_sec: decimals(ageMs / 1000, 3),
    entities,
    dropped_intents: droppedIntents,
    audit_status: 'LOGGED',
  };
}

function decimals(value: number, places: number): number {
  const factor = 10 ** places;
  return Math.round(Math.max(0, value) * factor) / factor;
}
