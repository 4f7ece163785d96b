import type { Order } from './job.ts';

/** What a handler says became of its job. A thrown error is the fourth possibility. */
export type Outcome =
  | { readonly kind: 'done'; readonly result: JsonObject; readonly next: readonly Order[]; readonly revives: boolean }
  | { readonly kind: 'snooze'; readonly ms: number; readonly next: readonly Order[] }
  | { readonly kind: 'cancel'; readonly reason: string };

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** The job is done; `next` is added before it counts as completed, so that a crash in between loses nothing. */
export function done(result: JsonObject, next: readonly Order[] = []): Outcome {
  return { kind: 'done', result, next, revives: false };
}

/** As `done`, where somebody asked for the work to be taken up again: `next` is done anew, though it may have ended before. */
export function resumed(result: JsonObject, next: readonly Order[]): Outcome {
  return { kind: 'done', result, next, revives: true };
}

/** Come back in `ms` milliseconds, `next` added meanwhile: no failure, no try spent, no worker slot held. */
export function snooze(ms: number, next: readonly Order[] = []): Outcome {
  return { kind: 'snooze', ms, next };
}

/** The work is no longer wanted: final, and visible as such. */
export function cancel(reason: string): Outcome {
  return { kind: 'cancel', reason };
}
