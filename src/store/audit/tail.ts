import type { AuditEntry } from '../../domain/audit/entry.ts';
import type { Segments } from './segments.ts';

/** The newest entries. */
export interface AuditTail {
  /** Oldest first, each with the number of its segment. */
  readonly entries: readonly (AuditEntry & { readonly segment: number })[];
  /** Segments that could not be read, ascending. */
  readonly damaged: readonly number[];
}

export async function readTail(segments: Segments, count: number): Promise<AuditTail> {
  const { numbers } = await segments.list();
  const newestFirst: AuditTail['entries'][number][] = [];
  const damaged: number[] = [];
  for await (const { number, segment } of segments.read(numbers.reverse())) {
    if (newestFirst.length >= count) break;
    if (segment === null) damaged.push(number);
    else newestFirst.push(...segment.entries.map(entry => ({ segment: number, ...entry })).reverse());
  }
  return { entries: newestFirst.slice(0, count).reverse(), damaged: damaged.reverse() };
}
