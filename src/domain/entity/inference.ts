import { z } from 'zod';
import type { EntryDraft } from '../audit/entry.ts';
import { type InferenceEntry, inferenceEntry, inferenceEntryOf } from './audit-entry.ts';
import { type Entity, entity } from './entity.ts';
import type { ExtractionResult } from './result.ts';

/** A governed answer of the model, for the audit log and the metrics. */
export interface Inference {
  /** Of the request, as its caller sees it. */
  readonly requestId: string;
  /** Of a batch, from 1. */
  readonly line?: number;
  /** The requester. */
  readonly by: string;
  /** The entity types that were requested. */
  readonly types: readonly string[];
  readonly result: ExtractionResult;
  /** In ms since 1970. */
  readonly at: number;
}

/** What the audit log calls an inference. */
export const inferenceName = 'entities.extract';

/** The customer's texts of an inference, which can be erased: the first 100 characters; for a review the whole. */
const inferenceTexts = z.strictObject({
  input_text: z.string(),
  review: z.strictObject({ text: z.string(), entities: z.array(entity) }).optional(),
});

/** The entry of an inference; its texts are in `text` alone. */
export function inferenceDraft({ requestId, line, by, result, at }: Inference): EntryDraft {
  const { input_text, ...details } = inferenceEntryOf(result, new Date(at).toISOString());
  const needsReview = details.governance_flag === 'REVIEW';
  const texts: z.input<typeof inferenceTexts> = {
    input_text,
    ...(needsReview ? { review: { text: result.input_text, entities: result.entities } } : {}),
  };
  return {
    id: requestId,
    kind: 'inference',
    what: inferenceName,
    by,
    details: line === undefined ? details : { ...details, line },
    at,
    text: JSON.stringify(texts),
  };
}

/** What people review: an inference that was flagged. */
export interface Review {
  readonly timestamp: string;
  readonly text: string;
  readonly language: InferenceEntry['language'];
  readonly entities: readonly Entity[];
  readonly requestId: string;
}

const { timestamp, language } = inferenceEntry.shape;
const reviewed = z.object({ timestamp, language });

/** Whether an entry of the audit log is an inference that was flagged for review. */
export function isForReview({ kind, what, details }: Pick<EntryDraft, 'kind' | 'what' | 'details'>): boolean {
  return kind === 'inference' && what === inferenceName && details.governance_flag === 'REVIEW';
}

/**
 * @param text the entry's text, as it was stored
 * @returns `null` for an entry that is not one for review
 */
export function reviewOf({ id, details }: Pick<EntryDraft, 'id' | 'details'>, text: string): Review | null {
  const known = reviewed.safeParse(details);
  const texts = inferenceTexts.safeParse(JSON.parse(text));
  if (!known.success || !texts.success || texts.data.review === undefined) return null;
  return { ...known.data, ...texts.data.review, requestId: id };
}
