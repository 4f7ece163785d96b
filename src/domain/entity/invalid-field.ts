import type { z } from 'zod';

/** A field of what a caller gave us that breaks a rule. */
export interface InvalidField {
  /** The path of the field, such as `types[2]` or `synonyms.product["wireless headphones"]`. */
  readonly field: string;
  /** What the field holds, in a short form; `undefined` where it is missing or may be a customer's text. */
  readonly value: string | number | boolean | null | undefined;
  /** The rule, such as `must be a number from 0 to 1`. */
  readonly message: string;
}

const longestShown = 64;

/**
 * The fields that a zod schema refuses, one for each path; one that the schema does not know has its own path.
 * @param json what was parsed
 * @param hides whether the field at a path may hold a customer's text
 */
export function invalidFieldsOf(
  error: z.ZodError,
  json: unknown,
  hides: (path: readonly PropertyKey[]) => boolean,
): InvalidField[] {
  const fields = error.issues.flatMap(issue => {
    const { path, message } = issue;
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map(key => ({
        field: pathText([...path, key]),
        value: undefined,
        message: 'is not a known field',
      }));
    }
    return [{ field: pathText(path), value: hides(path) ? undefined : shortForm(valueAt(json, path)), message }];
  });
  const byPath = new Map<string, InvalidField>();
  for (const each of fields) if (!byPath.has(each.field)) byPath.set(each.field, each);
  return [...byPath.values()];
}

/** `types[2]`, `synonyms.product["wireless headphones"]`; the whole is `(root)`. */
export function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(root)';
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = String(key);
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return `${text}[${JSON.stringify(cut(name))}]`;
    return text === '' ? cut(name) : `${text}.${cut(name)}`;
  }, '');
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.getOwnPropertyDescriptor(value, key)?.value;
  }, json);
}

/** Objects and arrays are described, long strings are cut. */
export function shortForm(value: unknown): InvalidField['value'] {
  if (typeof value === 'string') return cut(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (value === undefined) return undefined;
  return Array.isArray(value) ? `an array of ${value.length}` : 'an object';
}

function cut(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

/** `threshold (1.1) must be from 0 to 1; text must not be blank`: every field with its value, if it may be shown. */
export function describeInvalid(invalid: readonly InvalidField[]): string {
  return invalid
    .map(({ field, value, message }) => {
      const name = field === '(root)' ? '' : `${field} `;
      return `${name}${value === undefined ? '' : `(${JSON.stringify(value)}) `}${message}`;
    })
    .join('; ');
}
