import { z } from 'zod';
import { auditEntry, sha256 } from './entry.ts';

/** A link of the audit log's chain: one or more entries, and the hash of the segment before it. */
export const segment = z.strictObject({
  /** From 1, without a gap; also the name of its file. */
  number: z.number().int().positive(),
  /** SHA-256 of the exact bytes of segment `number - 1`; `null` in the first. */
  previous: sha256.nullable(),
  /** The process that wrote it, or the batch that it holds, so that no two writers ever write the same bytes. */
  writer: z.string().min(1),
  entries: z.array(auditEntry).min(1),
});
export type Segment = z.infer<typeof segment>;

/** A place in the log: a segment, and the hash of its bytes. A kept head proves later that none was cut off. */
export interface Position {
  readonly number: number;
  readonly sha256: string;
}

/** A segment as it was found: `damage` says why its bytes are not a segment. */
export type FoundSegment = Position &
  ({ readonly segment: Segment; readonly damage: null } | { readonly segment: null; readonly damage: string });

/** A thing that is not as it must be. `segment` is the number of the place; `null` for a file that is not a segment. */
export interface AuditFinding {
  readonly segment: number | null;
  readonly what: string;
}
