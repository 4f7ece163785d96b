import { defaultLimits, type Family, type Limit } from '../../platform/endpoints.ts';
import { type Answer, refuse } from './answer.ts';
import type { SandboxClock } from './clock.ts';

/** Limits that differ from the platform's own; null lifts one. */
export type Limits = Partial<Record<Family, Limit | null>>;

/** Sliding windows, one per family. Every accepted request counts, whatever its outcome; refused ones do not. */
export class Throttle {
  readonly #clock: SandboxClock;
  readonly #limits: Readonly<Record<Family, Limit | null>>;
  readonly #retryAfter: 'seconds' | 'date';
  readonly #accepted = new Map<Family, number[]>();

  constructor(clock: SandboxClock, limits: Limits, retryAfter: 'seconds' | 'date') {
    this.#clock = clock;
    this.#limits = { ...defaultLimits, ...limits };
    this.#retryAfter = retryAfter;
  }

  /** Counts a request of the family: null when it fits, else the 429 that refuses it. */
  refuse(family: Family): Answer | null {
    const limit = this.#limits[family];
    if (limit === null) return null;

    const now = this.#clock.now();
    // A clock that was set back leaves requests in the future: they are in no trailing window.
    const inWindow = (this.#accepted.get(family) ?? []).filter(at => at > now - limit.perMs && at <= now);
    this.#accepted.set(family, inWindow);

    if (inWindow.length < limit.count) {
      inWindow.push(now);
      return null;
    }
    const freesAt = (inWindow[inWindow.length - limit.count] ?? now) + limit.perMs;
    return tooMany(retryAfter(this.#retryAfter, now, freesAt - now));
  }
}

export function tooMany(retryAfterValue: string): Answer {
  return refuse(429, 'Too many requests. Slow down.', { headers: { 'retry-after': retryAfterValue } });
}

/** A wait as `Retry-After` states it, rounded up: both forms know whole seconds only. */
function retryAfter(form: 'seconds' | 'date', now: number, waitMs: number): string {
  if (form === 'seconds') return String(Math.max(1, Math.ceil(waitMs / 1_000)));
  return new Date(Math.ceil((now + waitMs) / 1_000) * 1_000).toUTCString();
}
