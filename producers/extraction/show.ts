import type { BatchSummary } from '../../jobs/flows/extraction/request.ts';
import type { ExtractionProgress } from '../../jobs/flows/extraction/status.ts';
import type { Entity } from '../../src/domain/entity/entity.ts';
import type { ExtractionResult } from '../../src/domain/entity/result.ts';
import { grid, table } from '../cli/terminal.ts';

const counted = (count: number) => count.toLocaleString('en-US');

export function describeProgress({ stage, lines, calls, cacheHits, remainingSeconds }: ExtractionProgress): string {
  switch (stage) {
    case 'waiting':
      return 'waiting for a worker';
    case 'reading':
      return 'reading the file';
    case 'extracting':
      if (lines === undefined) return 'extracting';
      return `extracting: ${counted(lines.done)} of ${counted(lines.of)} lines; ${counted(calls ?? 0)} calls, ${counted(cacheHits ?? 0)} cache hits; about ${counted(remainingSeconds ?? 0)} s left`;
  }
}

export function describeResult(result: ExtractionResult): string {
  const { entities, cache_source, freshness_age_sec, processing_time_ms, dropped_intents } = result;
  const about = table([
    ['language', result.language],
    ['source', freshness_age_sec === 0 ? cache_source : `${cache_source}, ${freshness_age_sec} s old`],
    ['time', `${processing_time_ms} ms`],
    ...(dropped_intents === 0 ? [] : [['dropped intents', dropped_intents] as const]),
  ]);
  if (entities.length === 0) return `no entities found\n${about}`;
  const rows = entities.map(entity => [
    shown(entity.name),
    shown(entity.value),
    meaning(entity),
    entity.confidence,
    `${entity.start}–${entity.end}${entity.span_mismatch === true ? ' (span mismatch)' : ''}`,
  ]);
  return `${grid(['name', 'value', 'meaning', 'confidence', 'span'], rows)}\n${about}`;
}

/** Control characters of an answer are shown as escapes. */
function shown(text: string): string {
  return text.replace(/\p{Cc}/gu, character => JSON.stringify(character).slice(1, -1).replace('\u007f', '\\u007f'));
}

function meaning({ normalized }: Entity): string {
  if (normalized === undefined) return '';
  switch (normalized.kind) {
    case 'date':
      return [normalized.value, ...(normalized.alternatives ?? [])].join(' or ');
    case 'money':
      return normalized.currency === undefined ? `${normalized.value}` : `${normalized.value} ${normalized.currency}`;
    case 'percentage':
      return `${normalized.value} %`;
    case 'number':
    case 'phone':
      return `${normalized.value}`;
  }
}

export function describeSummary({ requestId, rejects, emptyLines, out, ...counts }: BatchSummary): string {
  return [
    requestId,
    table([
      ['results', counts.lines],
      ['  succeeded', counts.succeeded],
      ['  failed', counts.failed],
      ['calls', counts.calls],
      ['cache hits', counts.cacheHits],
      ...(counts.stale === 0 ? [] : [['stale answers', counts.stale] as const]),
      ...(emptyLines === 0 ? [] : [['empty lines', emptyLines] as const]),
      ...(rejects === undefined ? [] : [['rejected lines', rejects] as const]),
      ...(out === undefined ? [] : [['written to', out] as const]),
    ]),
  ].join('\n');
}
