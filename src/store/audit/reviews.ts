import { createWriteStream } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isForReview, reviewOf } from '../../domain/entity/inference.ts';
import { privateFile } from '../artifacts/private.ts';
import { replaceFile } from '../output-file.ts';
import type { Audit } from './audit.ts';
import { recordReading } from './readings.ts';

export interface ReviewSelection {
  /** Only inferences at this time or later, in ms since 1970. */
  readonly since: number | null;
}

/** Counts of an export of reviews. */
export interface ExportedReviews {
  readonly reviews: number;
  /** Flagged inferences whose texts were erased. */
  readonly erased: number;
}

const standardOutput = '-';

/**
 * Writes what was flagged for review as JSONL, oldest first: to a file, which appears whole or not at all, or to standard
 * output for `-`. The look at the texts is recorded first.
 * @throws MlopsError AUDIT_LOG_DAMAGED, STORE_UNWRITABLE, BAD_INPUT
 */
export async function exportReviews(
  audit: Audit,
  out: string,
  selection: ReviewSelection,
  by: string,
): Promise<ExportedReviews> {
  const since = selection.since === null ? null : new Date(selection.since).toISOString();
  await recordReading(audit, { by, details: { reviews: true, since } });
  if (out === standardOutput) return await writeReviews(audit, selection, process.stdout, { end: false });
  return await replaceFile(out, file =>
    writeReviews(audit, selection, createWriteStream(file, { mode: privateFile }), { end: true }),
  );
}

async function writeReviews(
  audit: Audit,
  selection: ReviewSelection,
  into: Writable,
  options: { readonly end: boolean },
): Promise<ExportedReviews> {
  const counts = { reviews: 0, erased: 0 };
  await pipeline(Readable.from(lines(audit, selection, counts)), into, options);
  return counts;
}

async function* lines(
  audit: Audit,
  { since }: ReviewSelection,
  counts: { reviews: number; erased: number },
): AsyncGenerator<string> {
  for await (const entry of audit.entries()) {
    if (!isForReview(entry) || (since !== null && Date.parse(entry.at) < since)) continue;
    const text = await audit.textOf(entry);
    const review = text === null ? null : reviewOf(entry, text);
    if (review === null) counts.erased += 1;
    else {
      counts.reviews += 1;
      yield `${JSON.stringify(review)}\n`;
    }
  }
}
