import { MlopsError } from '../../errors.ts';
import { cleanDetails, cleanText } from './clean.ts';
import { type AuditEntry, auditEntry, type EntryDraft } from './entry.ts';

/**
 * The entry that a draft becomes, cleaned, but for its text.
 * @param now in milliseconds since 1970, for a draft that does not say when
 * @throws MlopsError INTERNAL naming the field that no entry can hold, such as a number that is not finite
 */
export function sealed({ id, kind, what, by, details, at }: EntryDraft, now: number): AuditEntry {
  const parsed = auditEntry.safeParse({
    id,
    at: new Date(at ?? now).toISOString(),
    kind,
    what: cleanText(what),
    by: cleanText(by),
    details: cleanDetails(details),
  });
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(issue => issue.path.join('.')).join(', ');
  throw new MlopsError('INTERNAL', `no entry of the audit log (${what}): ${fields}`, { where: fields });
}
