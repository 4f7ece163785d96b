import type { JobSpec } from './job.ts';
import type { Restart } from './queues.ts';

/** What a handler says became of its job. A thrown error is the fourth possibility. */
export type Outcome =
  | { readonly kind: 'done'; readonly result: JsonObject; readonly next: readonly JobSpec[]; readonly restart: Restart }
  | { readonly kind: 'snooze'; readonly ms: number; readonly next: readonly JobSpec[]; readonly restart: Restart }
  | { readonly kind: 'cancel'; readonly reason: string };

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** The jobs that an outcome adds. */
export interface Following {
  readonly next?: readonly JobSpec[];
  /** Which of `next` run again if they have ended before; by default none. */
  readonly restart?: Restart;
}

/** The job is done; `next` is added before it counts as completed, so that a crash in between loses nothing. */
export function done(result: JsonObject, { next = [], restart = 'never' }: Following = {}): Outcome {
  return { kind: 'done', result, next, restart };
}

/** Come back in `ms` milliseconds, `next` added meanwhile: no failure, no try spent, no worker slot held. */
export function snooze(ms: number, { next = [], restart = 'never' }: Following = {}): Outcome {
  return { kind: 'snooze', ms, next, restart };
}

/** The work is no longer wanted: final, and visible as such. */
export function cancel(reason: string): Outcome {
  return { kind: 'cancel', reason };
}
