import type { ChunkLine } from '../../src/domain/entity/batch.ts';
import type { PlatformEntity } from '../../src/domain/entity/platform-answer.ts';
import type { Resources } from '../resources.ts';

/** The answer to a line of an earlier chunk. */
export type EarlierAnswer =
  | { readonly kind: 'found'; readonly entities: readonly PlatformEntity[] }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/**
 * The answers that the lines of a chunk share with lines of earlier chunks, by the earlier line. Each of those chunks is
 * read once, one at a time.
 * @returns `null` while one of them is not finished
 */
export async function earlierAnswers(
  batch: string,
  chunk: number,
  lines: readonly ChunkLine[],
  { extractions }: Pick<Resources, 'extractions'>,
): Promise<ReadonlyMap<number, EarlierAnswer> | null> {
  const wanted = new Map<number, Set<number>>();
  for (const { sameAs } of lines) {
    if (sameAs === undefined || sameAs.chunk === chunk) continue;
    wanted.set(sameAs.chunk, (wanted.get(sameAs.chunk) ?? new Set()).add(sameAs.line));
  }
  const found = new Map<number, EarlierAnswer>();
  for (const [earlier, numbers] of wanted) {
    const done = await extractions.chunk(batch, earlier);
    if (done === null) return null;
    for (const { result, answer } of done.lines) {
      if (!numbers.has(result.line)) continue;
      if ('error' in result) found.set(result.line, { kind: 'refused', ...result.error });
      else if (answer !== null) found.set(result.line, { kind: 'found', entities: answer });
    }
  }
  return found;
}
