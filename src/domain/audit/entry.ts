import { z } from 'zod';
import { instant } from '../interaction/interaction.ts';

/** SHA-256 in lower-case hex. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * The kind of an entry. A change on the platform has two: `intent` before it, `outcome` after it, under one id.
 * `action`: something done here, such as a dataset restored. `inference`: a governed answer of a model.
 */
export const entryKinds = ['intent', 'outcome', 'action', 'inference'] as const;

/** One entry of the audit log, as it is stored. */
export const auditEntry = z.strictObject({
  /** Of the change or request; intent and outcome share it. */
  id: z.string().min(1),
  at: instant,
  kind: z.enum(entryKinds),
  /** Such as `config.push`, `training.submit`, `entities.extract`, `dataset.restore`. */
  what: z.string().min(1),
  /** Who requested it. */
  by: z.string().min(1),
  details: z.record(z.string(), z.json()),
  /**
   * A customer's text is stored in a side file with its salt; `hash` is the SHA-256 of that file, or of its line `line`
   * (from 0), where the file holds the texts of many entries.
   */
  text: z
    .strictObject({
      hash: sha256,
      file: z.string().regex(/^audit\/texts\/[\w-]+\/[\w-]+$/),
      line: z.number().int().nonnegative().optional(),
    })
    .optional(),
});
export type AuditEntry = z.infer<typeof auditEntry>;
export type EntryKind = AuditEntry['kind'];
export type StoredText = NonNullable<AuditEntry['text']>;

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** An entry as its writer gives it. */
export interface EntryDraft {
  readonly id: string;
  readonly kind: EntryKind;
  readonly what: string;
  readonly by: string;
  readonly details: JsonObject;
  /** When it happened, in milliseconds since 1970; without it, when it was given to the log. */
  readonly at?: number;
  /** A customer's text; the only place for one. */
  readonly text?: string;
}
