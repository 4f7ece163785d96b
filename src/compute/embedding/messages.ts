import type { Model } from './model.ts';

/** What a thread is started with: `tokenizer` makes token ids of texts, `network` vectors of token ids. */
export interface ThreadSettings {
  readonly role: 'tokenizer' | 'network';
  readonly model: Model;
}

/**
 * Sequences of token ids, one after the other. `lengths` says how many ids each has.
 */
export interface Sequences {
  readonly ids: Int32Array<ArrayBuffer>;
  readonly lengths: Int32Array<ArrayBuffer>;
}

/** Requests to the tokenizer's thread, one at a time: the next is sent after the answer. */
export interface TextRequest {
  /** `tokenize`: their token ids; `look`: only whether the model knows a word of each. */
  readonly kind: 'tokenize' | 'look';
  readonly texts: readonly string[];
  /** Shared with the thread, whose event loop is blocked meanwhile: anything but 0 cancels. */
  readonly cancelled: Int32Array;
}

/** The distinct sequences of some texts. */
export interface TokenizedTexts extends Sequences {
  /** Of each text, the place of its sequence. */
  readonly sequenceOf: Int32Array<ArrayBuffer>;
  /** Of each sequence, the hash of its ids: see `keyBytes`. */
  readonly keys: Uint8Array<ArrayBuffer>;
}

/** Bytes of the hash of a sequence's ids: the first ones of its SHA-256, which do not collide. */
export const keyBytes = 16;

/** A request to a network's thread, one at a time: the vectors of the sequences, in their order. */
export type NetworkRequest = Sequences;

export type Answer =
  | { readonly kind: 'tokenized'; readonly result: TokenizedTexts }
  | { readonly kind: 'looked'; readonly known: readonly boolean[] }
  | { readonly kind: 'embedded'; readonly vectors: Float32Array<ArrayBuffer> }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly code: 'MODEL_DAMAGED' | 'EMBEDDER_CRASHED'; readonly reason: string };
