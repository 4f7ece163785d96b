import { z } from 'zod';

/**
 * What bytes that are not UTF-8 become in a text of the platform: two halves of surrogate pairs that no valid text holds
 * side by side. Unlike U+FFFD, which a customer may have written, it shows that something was lost.
 */
export const invalidBytes = '\udfff\udffe';

/** The path of the first text in `value` that holds invalid bytes; `null` where none does. */
export function placeOfInvalidBytes(value: unknown): string | null {
  const path = pathTo(value);
  return path === null ? null : z.core.toDotPath(path) || '(whole)';
}

function pathTo(value: unknown): PropertyKey[] | null {
  if (typeof value === 'string') return value.includes(invalidBytes) ? [] : null;
  if (typeof value !== 'object' || value === null) return null;
  const fields: [PropertyKey, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  for (const [key, each] of fields) {
    if (typeof key === 'string' && key.includes(invalidBytes)) return [];
    const path = pathTo(each);
    if (path !== null) return [key, ...path];
  }
  return null;
}
