import type { z } from 'zod';
import { type Answer, type FieldError, refuse } from './answer.ts';
import type { SandboxRequest } from './sandbox-request.ts';

/** How a service speaks of a body that it refuses. */
export interface BodyWords {
  /** Such as `configuration`. */
  readonly what: string;
  /** What is said about a field in place of the schema's own words; undefined leaves them. */
  message?(field: string): string | undefined;
}

/** Errors that are named to the caller; of more only their number. */
const named = 100;

/** The body as the schema has it, or a 400 with every wrong field. `also` finds what a schema cannot. */
export function readJsonBody<Body>(
  request: SandboxRequest,
  schema: z.ZodType<Body>,
  words: BodyWords,
  also: (body: Body) => readonly FieldError[] = () => [],
): { readonly body: Body } | { readonly refusal: Answer } {
  if (request.contentType !== 'application/json') return { refusal: refuse(400, 'The body must be application/json.') };
  let json: unknown;
  try {
    json = JSON.parse(request.body);
  } catch {
    return { refusal: refuse(400, 'The body is not JSON.') };
  }
  const parsed = schema.safeParse(json);
  const errors = parsed.success ? also(parsed.data) : parsed.error.issues.flatMap(issue => fieldErrors(issue, words));
  if (parsed.success && errors.length === 0) return { body: parsed.data };
  return {
    refusal: refuse(400, summary(`The ${words.what} is not valid`, errors), { errors: errors.slice(0, named) }),
  };
}

/** Names the first field: a caller may show the message only. */
export function summary(what: string, errors: readonly FieldError[]): string {
  const [first, ...more] = errors;
  if (first === undefined) return `${what}.`;
  return `${what}: ${first.field} ${first.message}${more.length === 0 ? '' : `, and ${more.length} more`}.`;
}

function fieldErrors(issue: z.core.$ZodIssue, words: BodyWords): FieldError[] {
  const path = fieldPath(issue.path);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => ({
      field: path === '' ? key : `${path}.${key}`,
      message: `is not a field of the ${words.what}`,
    }));
  const field = path === '' ? 'body' : path;
  return [{ field, message: words.message?.(field) ?? issue.message }];
}

/** `intentThresholds[3].confidenceThreshold`. */
function fieldPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((before, part) => {
    if (typeof part === 'number') return `${before}[${part}]`;
    return before === '' ? String(part) : `${before}.${String(part)}`;
  }, '');
}
