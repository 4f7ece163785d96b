import { z } from 'zod';
import { type Interaction, instant, interaction } from './interaction.ts';

/** An invalid record: its place, and what is wrong with it, without its texts. */
export interface Reject {
  /** The record's id if it has a readable one. */
  readonly id: string | null;
  /** Identifies the reject, even without an id: the id, or a fingerprint of the whole record. */
  readonly key: string;
  readonly field: string;
  readonly problem: string;
}

export type PageRecord =
  | { readonly kind: 'interaction'; readonly interaction: Interaction }
  | { readonly kind: 'reject'; readonly reject: Reject };

const identified = z.object({ id: z.string().min(1) });

/**
 * The records of one page, in its order, each parsed on its own.
 * @param fingerprint what distinguishes a record without an id from all others of its window, given its index on the page
 */
export function parseRecords(
  records: readonly unknown[],
  fingerprint: (record: unknown, index: number) => string,
): PageRecord[] {
  return records.map((record, index) => {
    const parsed = interaction.safeParse(record);
    if (parsed.success) return { kind: 'interaction', interaction: parsed.data };
    const [issue] = parsed.error.issues;
    const id = identified.safeParse(record).data?.id ?? null;
    const field = z.core.toDotPath(issue?.path ?? []) || '(whole)';
    return {
      kind: 'reject',
      reject: {
        id,
        key: id ?? `record-${fingerprint(record, index)}`,
        field,
        problem: issue?.message ?? 'not an interaction',
      },
    };
  });
}

const dated = z.object({ timestamp: instant });

/** The newest timestamp among records as they were sent; `null` where none has one. */
export function newestTimestamp(records: readonly unknown[]): string | null {
  return records.reduce<string | null>((newest, record) => {
    const timestamp = dated.safeParse(record).data?.timestamp ?? null;
    return timestamp !== null && (newest === null || timestamp > newest) ? timestamp : newest;
  }, null);
}

/** Whether the readable records of a page are in the requested order, newest first; those of one timestamp in any order. */
export function isNewestFirst(records: readonly PageRecord[]): boolean {
  const timestamps = records.flatMap(record => (record.kind === 'interaction' ? [record.interaction.timestamp] : []));
  return timestamps.every((timestamp, index) => timestamp <= (timestamps[index - 1] ?? timestamp));
}

/**
 * How many records at the head of a page are newer than `upper` (ISO): those up to the last readable one that is. A
 * record that is not an interaction goes with the readable one after it; without one on its page it goes with those before
 * it, so that the page does not claim to show where the newer ones end.
 */
export function countNewer(records: readonly PageRecord[], upper: string): number {
  const newer =
    records.findLastIndex(record => record.kind === 'interaction' && record.interaction.timestamp > upper) + 1;
  const isEnd = newer > 0 && records.slice(newer).every(record => record.kind === 'reject');
  return isEnd ? records.length : newer;
}
