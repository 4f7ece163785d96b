import type { EmbeddedTexts } from './embed-texts.ts';
import type { Model } from './model.ts';

/** What the thread is started with. */
export interface ThreadSettings {
  readonly model: Model;
  readonly threads: number;
  readonly tokenBudget: number;
}

/** Requests to the thread, one at a time: the next is sent after the answer. */
export interface Request {
  readonly texts: readonly string[];
  /** Shared with the thread, whose event loop is blocked during inference: anything but 0 cancels. */
  readonly cancelled: Int32Array;
}

export type Answer =
  | { readonly kind: 'progress'; readonly done: number }
  | { readonly kind: 'embedded'; readonly result: EmbeddedTexts }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly code: 'MODEL_DAMAGED' | 'EMBEDDER_CRASHED'; readonly reason: string };
