import { z } from 'zod';
import { language } from './language.ts';
import { mostTypes, type ResolvedRequest } from './request.ts';

/** The body of the platform's extraction request, field for field. */
export const platformRequest = z.strictObject({
  text: z.string().min(1),
  language,
  confidence_threshold: z.number().min(0).max(1),
  entity_types: z.array(z.string()).min(1).max(mostTypes),
});
export type PlatformRequest = z.infer<typeof platformRequest>;

/** What the platform is asked; types are sorted and each is named once, so that equal requests have equal bodies. */
export function platformRequestOf({ text, language, threshold, types }: ResolvedRequest): PlatformRequest {
  return { text, language, confidence_threshold: threshold, entity_types: [...new Set(types)].sort() };
}

/**
 * A string that two requests share only where the platform is asked the same: the content of a cache key, of which a
 * keyed hash is taken. It contains the text.
 */
export function canonicalForm(request: PlatformRequest): string {
  const types = [...new Set(request.entity_types)].sort();
  return JSON.stringify([1, request.language, request.confidence_threshold, types, request.text]);
}
