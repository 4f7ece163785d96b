import type { Rejected } from '../../src/domain/dataset/manifest.ts';

/**
 * Records that were left out, for people: one line per endpoint, field and problem, with their ids.
 * @param count of all; `records` may be the first of them
 */
export function describeRejects(count: number, records: readonly Rejected[]): string[] {
  const ids = new Map<string, string[]>();
  for (const { endpoint, id, field, problem } of records) {
    const kind = `${endpoint}, ${field}: ${problem}`;
    ids.set(kind, [...(ids.get(kind) ?? []), id ?? '(no id)']);
  }
  const lines = [...ids].map(([kind, those]) => `  ${those.length}: ${kind} (${those.join(', ')})`);
  return count > records.length ? [...lines, `  and ${count - records.length} more`] : lines;
}
