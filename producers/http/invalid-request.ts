import type { FastifySchemaCompiler } from 'fastify';
import type { ZodType, z } from 'zod';

/** A field that is wrong, and what is wrong with it. */
export interface WrongField {
  readonly field: string;
  readonly message: string;
}

/** Fields that one answer names, and characters of each name and message. Escaped as JSON, all of it stays below 64 kB. */
const mostFields = 20;
const mostOfName = 80;
const mostOfMessage = 160;
/** Characters of a text that is sent twice: as the detail and as the message of a field. */
export const mostOfDetail = 4_000;

/** A part of a request that does not match its schema. Its size is bounded, whatever was sent. */
export class InvalidRequest extends Error {
  override readonly name = 'InvalidRequest';
  /** Each field once, 20 at most. An empty field is the part itself. */
  readonly fields: readonly WrongField[];
  /** Wrong fields beyond those. */
  readonly more: number;
  /** Which part of the request: `body`, `headers`. Fastify sets it. */
  validationContext?: string;

  constructor(issues: readonly z.core.$ZodIssue[]) {
    super('The request does not match its schema');
    const messages = new Map<string, string>();
    const others = new Set<string>();
    for (const { field, message } of wrongFields(issues)) {
      if (messages.has(field)) continue;
      if (messages.size < mostFields) messages.set(field, message);
      else others.add(field);
    }
    this.fields = [...messages].map(([field, message]) => ({ field, message }));
    this.more = others.size;
  }
}

/** Validates with zod. Unlike the type provider's own compiler, it does not repeat an issue for each of its fields. */
export const validateRequest: FastifySchemaCompiler<ZodType> =
  ({ schema }) =>
  data => {
    const parsed = schema.safeParse(data);
    return parsed.success ? { value: parsed.data } : { error: new InvalidRequest(parsed.error.issues) };
  };

/** `text`, or its first `most` characters, the last of which is an ellipsis. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function* wrongFields(issues: readonly z.core.$ZodIssue[]): Generator<WrongField> {
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') {
      yield { field: nameOf(issue.path), message: cut(issue.message, mostOfMessage) };
      continue;
    }
    for (const key of issue.keys) yield { field: nameOf([...issue.path, key]), message: 'is not a known field' };
  }
}

function nameOf(path: readonly PropertyKey[]): string {
  const parts = path.slice(0, mostOfName).map(part => cut(String(part), mostOfName));
  return cut(parts.join('.'), mostOfName);
}
