import type { SandboxClock } from '../kernel/clock.ts';
import type { InteractionLog } from './log.ts';
import type { StoredRecord } from './record.ts';

/** How many new interactions come in while somebody pages. Both may be given, and be fractions. */
export interface ArrivalOptions {
  /** Before each answer of the interaction log. */
  readonly perRequest?: number;
  /** Per second of the sandbox's clock; they show with the next answer. */
  readonly perSecond?: number;
}

/** Where new interactions come from: the next one, at that instant; null when there are no more. */
export type ArrivalSource = (at: number) => StoredRecord | null;

/** Live traffic. No timer runs: what has come since the last request is added when the next one is answered. */
export class Arrivals {
  readonly #options: ArrivalOptions;
  readonly #clock: SandboxClock;
  readonly #source: ArrivalSource;
  #due = 0;
  #until: number;

  constructor(options: ArrivalOptions, clock: SandboxClock, source: ArrivalSource) {
    this.#options = options;
    this.#clock = clock;
    this.#source = source;
    this.#until = clock.now();
  }

  /** Adds to the log what has come in by now. */
  arrive(log: InteractionLog): void {
    const now = this.#clock.now();
    for (const at of [...this.#sinceLast(now), ...this.#withRequest(now)]) {
      const record = this.#source(at);
      if (record === null) return;
      log.insert(record);
    }
  }

  /** The instants at which one came in since the last call, evenly spaced. */
  #sinceLast(now: number): number[] {
    const perSecond = this.#options.perSecond ?? 0;
    // The clock may have been set back.
    this.#until = Math.min(this.#until, now);
    const spacing = 1_000 / perSecond;
    const count = perSecond <= 0 ? 0 : Math.floor((now - this.#until) / spacing);
    const from = this.#until;
    this.#until = perSecond <= 0 ? now : from + count * spacing;
    return Array.from({ length: count }, (_, index) => Math.floor(from + (index + 1) * spacing));
  }

  #withRequest(now: number): number[] {
    this.#due += this.#options.perRequest ?? 0;
    const count = Math.floor(this.#due);
    this.#due -= count;
    return Array.from({ length: count }, () => now);
  }
}
