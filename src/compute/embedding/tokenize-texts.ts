import { createHash } from 'node:crypto';
import { keyBytes, type TokenizedTexts } from './messages.ts';
import type { Tokenizer } from './tokenizer.ts';

/** The distinct sequences of token ids of `texts`, in the order in which they first occur; `null` when cancelled. */
export function tokenizeTexts(
  texts: readonly string[],
  tokenizer: Tokenizer,
  isCancelled: () => boolean,
): TokenizedTexts | null {
  const placeOfText = new Map<string, number>();
  const placeOfKey = new Map<string, number>();
  const sequenceOf = new Int32Array(texts.length);
  const sequences: number[][] = [];
  const keys: Buffer[] = [];
  for (const [index, text] of texts.entries()) {
    if (index % 256 === 0 && isCancelled()) return null;
    let place = placeOfText.get(text);
    if (place === undefined) {
      const ids = tokenizer(text);
      const key = createHash('sha256').update(Int32Array.from(ids)).digest().subarray(0, keyBytes);
      const name = key.toString('latin1');
      place = placeOfKey.get(name) ?? sequences.length;
      if (place === sequences.length) {
        sequences.push(ids);
        keys.push(key);
        placeOfKey.set(name, place);
      }
      placeOfText.set(text, place);
    }
    sequenceOf[index] = place;
  }
  return {
    sequenceOf,
    ids: Int32Array.from(sequences.flat()),
    lengths: Int32Array.from(sequences, ids => ids.length),
    keys: new Uint8Array(Buffer.concat(keys)),
  };
}
