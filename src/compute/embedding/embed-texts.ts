import { planBatches } from './batches.ts';
import type { Network } from './network.ts';
import type { Tokenizer } from './tokenizer.ts';

export interface EmbeddedTexts {
  /** Texts × dimension, in the order of the texts. */
  readonly vectors: Float32Array<ArrayBuffer>;
  /** Distinct sequences of token ids: what went through the network. */
  readonly sequences: number;
  readonly batches: number;
}

interface Surroundings {
  readonly tokenizer: Tokenizer;
  readonly network: Network;
  readonly dimension: number;
  readonly tokenBudget: number;
  readonly isCancelled: () => boolean;
  /** Called with the number of texts embedded so far. */
  readonly onProgress: (done: number) => void;
}

interface Sequence {
  readonly ids: readonly number[];
  /** Places of the texts that have these ids: the first gets the network's vector, the others a copy. */
  readonly places: [number, ...number[]];
}

/** The vectors of `texts`, or `null` when cancelled; cancelling takes effect between batches. */
export async function embedTexts(texts: readonly string[], around: Surroundings): Promise<EmbeddedTexts | null> {
  const { network, dimension, isCancelled } = around;
  const sequences = distinctSequences(texts, around.tokenizer, isCancelled);
  if (sequences === null) return null;

  const vectors = new Float32Array(texts.length * dimension);
  const batches = planBatches(
    sequences.map(({ ids }) => ids.length),
    around.tokenBudget,
  );
  let done = 0;
  for (const batch of batches) {
    if (isCancelled()) return null;
    const members = batch.flatMap(index => sequences[index] ?? []);
    await network.embed(
      members.map(({ ids }) => ids),
      members.map(({ places }) => places[0]),
      vectors,
    );
    for (const { places } of members) {
      const [first, ...others] = places;
      for (const place of others) vectors.copyWithin(place * dimension, first * dimension, (first + 1) * dimension);
      done += places.length;
    }
    around.onProgress(done);
  }
  return { vectors, sequences: sequences.length, batches: batches.length };
}

function distinctSequences(
  texts: readonly string[],
  tokenizer: Tokenizer,
  isCancelled: () => boolean,
): Sequence[] | null {
  const byText = new Map<string, Sequence>();
  const byIds = new Map<string, Sequence>();
  for (const [place, text] of texts.entries()) {
    if (place % 256 === 0 && isCancelled()) return null;
    const known = byText.get(text);
    if (known !== undefined) {
      known.places.push(place);
      continue;
    }
    const ids = tokenizer(text);
    const key = ids.join(' ');
    const same = byIds.get(key);
    const sequence = same ?? { ids, places: [place] };
    if (same !== undefined) same.places.push(place);
    byIds.set(key, sequence);
    byText.set(text, sequence);
  }
  return [...byIds.values()];
}
