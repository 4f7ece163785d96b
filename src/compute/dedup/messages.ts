import type { Decisions } from '../../domain/dedup/decisions.ts';

/** What the thread is started with. */
export interface ThreadOptions {
  readonly dimension: number;
  readonly threshold: number;
}

/** Requests to the thread, answered in the order they were sent. */
export interface Request {
  readonly kind: 'seed' | 'decide';
  readonly vectors: Float32Array;
}

/** The decisions for the vectors; empty after a `seed`. */
export type Answer = Decisions | undefined;
