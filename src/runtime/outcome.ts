import type { Order } from './job.ts';

/** What a handler says became of its job. A thrown error is the fourth possibility. */
export type Outcome =
  | { readonly kind: 'done'; readonly result: JsonObject; readonly next: readonly Order[] }
  | { readonly kind: 'snooze'; readonly ms: number; readonly next: readonly Order[] }
  | { readonly kind: 'cancel'; readonly reason: string };

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** The job is done; `next` is enqueued before it counts as completed, so that a crash in between loses nothing. */
export function done(result: JsonObject, next: readonly Order[] = []): Outcome {
  return { kind: 'done', result, next };
}

/** Come back in `ms` milliseconds, `next` enqueued meanwhile: no failure, no try spent, no worker slot held. */
export function snooze(ms: number, next: readonly Order[] = []): Outcome {
  return { kind: 'snooze', ms, next };
}

/** The work is no longer wanted: final, and visible as such. */
export function cancel(reason: string): Outcome {
  return { kind: 'cancel', reason };
}
