import { z } from 'zod';
import { type InvalidField, invalidFieldsOf } from './invalid-field.ts';
import { type Language, language, languages } from './language.ts';
import { isTimeZone } from './time-zone.ts';

/** How many entity types one request may name. */
export const mostTypes = 10;
const longestName = 128;
const longestId = 256;

/** What a request leaves open. */
export interface RequestDefaults {
  readonly language: Language;
  readonly types: readonly string[];
  /** Least confidence of an entity, from 0 to 1. */
  readonly threshold: number;
  readonly timeZone: string;
  /** ISO 8601; `undefined`: the moment at which the request is taken up. */
  readonly referenceTime?: string | undefined;
  readonly prefer?: 'past' | 'future' | undefined;
}

export const requestDefaults: RequestDefaults = {
  language: 'en-US',
  types: ['product', 'date', 'intent'],
  threshold: 0.75,
  timeZone: 'UTC',
};

const plain = (text: string) => !text.includes('\0') && !/\p{Surrogate}/u.test(text);
const plainMessage = 'must not contain NUL or an unpaired surrogate';

const type = z
  .string('must be a string')
  .refine(name => name.trim() !== '', 'must not be blank')
  .max(longestName, `must have at most ${longestName} characters`)
  .refine(plain, plainMessage);

/** The options of a request, each of which may be left open. */
export const requestOptions = z.strictObject({
  language: z.enum(languages, `must be one of ${languages.join(', ')}`).optional(),
  types: z
    .array(type, 'must be an array of entity types')
    .min(1, 'must name at least 1 entity type')
    .max(mostTypes, `must name at most ${mostTypes} entity types`)
    .optional(),
  threshold: z
    .number('must be a number from 0 to 1')
    .min(0, 'must be from 0 to 1')
    .max(1, 'must be from 0 to 1')
    .optional(),
  referenceTime: z.iso.datetime({ offset: true, error: 'must be an ISO 8601 date-time with an offset' }).optional(),
  timeZone: z
    .string('must be an IANA time zone')
    .refine(isTimeZone, 'must be an IANA time zone, such as Europe/Berlin')
    .optional(),
  prefer: z.enum(['past', 'future'], 'must be past or future').optional(),
});

/** A request for the entities of one text, as callers write it: a line of a file, or a body. */
export function extractionRequest(maxTextKb: number) {
  return requestOptions.extend({
    text: z
      .string('must be a string')
      .refine(text => text.trim() !== '', 'must not be blank')
      .refine(plain, plainMessage)
      .refine(text => utf8Bytes(text) <= maxTextKb * 1024, `must have at most ${maxTextKb} KB`),
    id: z
      .string('must be a string')
      .min(1, 'must not be empty')
      .max(longestId, `must have at most ${longestId} characters`)
      .refine(plain, plainMessage)
      .optional(),
  });
}

/** A valid request with nothing left open but the moment. */
export const resolvedRequest = z.strictObject({
  text: z.string(),
  id: z.string().optional(),
  language,
  types: z.array(z.string()).min(1).max(mostTypes),
  threshold: z.number().min(0).max(1),
  timeZone: z.string(),
  referenceTime: z.string().optional(),
  prefer: z.enum(['past', 'future']).optional(),
});
export type ResolvedRequest = z.infer<typeof resolvedRequest>;

export type CheckedRequest =
  | { readonly ok: true; readonly request: ResolvedRequest }
  /** Every field that breaks a rule, never empty; the value of `text` is not shown. */
  | { readonly ok: false; readonly invalid: readonly InvalidField[] };

/**
 * A request with all it leaves open filled in, or every mistake in it at once.
 * @param json parsed, otherwise unchecked
 * @param maxTextKb the longest text, in KB of UTF-8
 */
export function checkRequest(
  json: unknown,
  maxTextKb: number,
  defaults: RequestDefaults = requestDefaults,
): CheckedRequest {
  const parsed = extractionRequest(maxTextKb).safeParse(json);
  if (!parsed.success) {
    return { ok: false, invalid: invalidFieldsOf(parsed.error, json, path => path.length === 0 || path[0] === 'text') };
  }
  const { text, id, language, types, threshold, timeZone, referenceTime, prefer } = parsed.data;
  const at = referenceTime ?? defaults.referenceTime;
  const side = prefer ?? defaults.prefer;
  const request = {
    text,
    ...(id !== undefined && { id }),
    language: language ?? defaults.language,
    types: [...(types ?? defaults.types)],
    threshold: threshold ?? defaults.threshold,
    timeZone: timeZone ?? defaults.timeZone,
    ...(at !== undefined && { referenceTime: at }),
    ...(side !== undefined && { prefer: side }),
  };
  return { ok: true, request };
}

/** Every option that breaks a rule, of options that are the defaults of a file's lines; empty: none. */
export function checkOptions(json: unknown): readonly InvalidField[] {
  const parsed = requestOptions.safeParse(json);
  return parsed.success ? [] : invalidFieldsOf(parsed.error, json, path => path.length === 0);
}

function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
