import type { TextVectors } from '../../src/store/vectors/text-vectors.ts';
import { textHash } from '../../src/store/vectors/text-vectors.ts';
import type { Context } from './context.ts';

/** The vectors of `texts`, each text once: those that the tenant has embedded before, and those of the network. */
export async function embedTexts(
  texts: readonly string[],
  { resources, signal, progress }: Context,
): Promise<TextVectors> {
  const { embedder, vectorIndex } = resources;
  const distinct = [...new Set(texts)];
  const { rowOf, keys, vectors } = await embedder.embedDistinct(distinct, {
    signal,
    stored: wanted => vectorIndex.find(wanted),
    onProgress: embedded => void progress({ embedded, of: distinct.length }),
  });
  return { hashes: distinct.map(textHash), rowOf, keys, vectors };
}
