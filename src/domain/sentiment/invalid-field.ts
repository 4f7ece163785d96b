import { z } from 'zod';

/** A field of what a caller gave us that breaks a rule. */
export interface InvalidField {
  /** The path of the field, such as `alert_triggers[0].threshold`. */
  readonly field: string;
  /**
   * What the field holds, in a short form: objects, arrays and long strings are described, not repeated. `undefined`
   * where the field is missing or may hold a customer's text.
   */
  readonly value: string | number | boolean | null | undefined;
  /** The rule, such as `must be a number from 0 to 0.95`. */
  readonly message: string;
}

/** The fields that break a rule: the first of them, and how many more there are. */
export interface InvalidFields {
  readonly fields: readonly InvalidField[];
  readonly more: number;
}

/** At most this many fields are listed, however large the input. */
const mostListed = 20;
const longestShown = 64;

/** As a sentence: `alert_triggers[0].threshold must be a number from 0 to 0.95, not 1.2`. */
export function sentenceOf({ field, value, message }: InvalidField): string {
  if (value === undefined) return `${field} ${message}`;
  const isDescribed = typeof value === 'string' && value.startsWith('(');
  return `${field} ${message}, not ${typeof value === 'string' && !isDescribed ? JSON.stringify(value) : value}`;
}

/** The first 20 of `fields`, one for each path: the first rule that a field breaks is reported. */
export function firstFields(fields: Iterable<InvalidField>): InvalidFields {
  const byPath = new Map<string, InvalidField>();
  for (const each of fields) if (!byPath.has(each.field)) byPath.set(each.field, each);
  const all = [...byPath.values()];
  return { fields: all.slice(0, mostListed), more: Math.max(0, all.length - mostListed) };
}

/**
 * The fields of `json` that a zod schema reports; a field that the schema does not know is reported by its own path.
 * @param hides whether the field at a path may hold a customer's text
 */
export function invalidFieldsOf(
  error: z.ZodError,
  json: unknown,
  hides: (path: readonly PropertyKey[]) => boolean = () => false,
): InvalidField[] {
  return error.issues.flatMap(issue => {
    if (issue.code !== 'unrecognized_keys') return [fieldAt(json, issue.path, issue.message, hides)];
    return issue.keys.map(key => ({
      field: dotPath([...issue.path, shortened(key)]),
      value: undefined,
      message: issue.message,
    }));
  });
}

function fieldAt(
  json: unknown,
  path: readonly PropertyKey[],
  message: string,
  hides: (path: readonly PropertyKey[]) => boolean,
): InvalidField {
  return { field: dotPath(path), value: hides(path) ? undefined : shown(valueAt(json, path)), message };
}

/** `alert_triggers[0].threshold`; `(whole)` for the input itself. */
export function dotPath(path: readonly PropertyKey[]): string {
  return z.core.toDotPath(path) || '(whole)';
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  let value = json;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function shown(value: unknown): InvalidField['value'] {
  switch (typeof value) {
    case 'string':
      return shortened(value);
    case 'number':
    case 'boolean':
      return value;
    case 'object':
      if (value === null) return null;
      return Array.isArray(value) ? `(an array of ${value.length})` : '(an object)';
    default:
      return undefined;
  }
}

/** What is too long for a name or a number may be a text in the wrong field, and is not repeated. */
function shortened(text: string): string {
  return text.length > longestShown ? `(a string of ${text.length} characters)` : text;
}
