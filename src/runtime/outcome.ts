import type { JobSpec } from './job-spec.ts';
import type { Restart } from './queues.ts';

/** The outcome of a job, as its handler decides. A thrown error is the fourth possibility. */
export type Outcome<Result> =
  | {
      readonly kind: 'done';
      readonly result: Result;
      readonly next: readonly JobSpec[];
      readonly restart: Restart;
    }
  | { readonly kind: 'snooze'; readonly ms: number; readonly next: readonly JobSpec[]; readonly restart: Restart }
  | { readonly kind: 'cancel'; readonly reason: string };

/** The jobs that an outcome adds. */
export interface Following {
  readonly next?: readonly JobSpec[];
  /** Which of `next` run again if they have ended before; by default none. */
  readonly restart?: Restart;
}

/** The job is done; `next` is added before it counts as completed, so that a crash in between loses nothing. */
export function done<Result>(result: Result, { next = [], restart = 'never' }: Following = {}): Outcome<Result> {
  return { kind: 'done', result, next, restart };
}

/** Come back in `ms` milliseconds, `next` added meanwhile: no failure, no attempt used, no worker slot held. */
export function snooze(ms: number, { next = [], restart = 'never' }: Following = {}): Outcome<never> {
  return { kind: 'snooze', ms, next, restart };
}

/** The work is no longer wanted: final, and visible as such. */
export function cancel(reason: string): Outcome<never> {
  return { kind: 'cancel', reason };
}
