import { MlopsError } from '../../errors.ts';

export interface ClockOptions {
  /** The instant at which the clock starts, ISO 8601; the real now by default. */
  readonly start?: string;
  /** Sandbox seconds per real second: 1 by default, 0 for a clock that moves only by `set` and `advance`: limits then never free a slot by themselves. */
  readonly rate?: number;
}

/** The simulated tenant's own time. Everything it does by time (timestamps, tokens, limits, `Date` headers) goes by this clock. */
export class SandboxClock {
  readonly #rate: number;
  #base: number;
  #anchor: number;

  /** @throws BAD_INPUT for a start that is not an instant, or a rate that is negative or not finite. */
  constructor(options: ClockOptions = {}) {
    this.#rate = options.rate ?? 1;
    if (!(Number.isFinite(this.#rate) && this.#rate >= 0))
      throw new MlopsError('BAD_INPUT', 'The rate of the sandbox clock must be a finite number of at least 0.', {
        where: 'clock.rate',
      });
    this.#anchor = Date.now();
    this.#base = options.start === undefined ? this.#anchor : milliseconds(options.start);
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return Math.floor(this.#base + (Date.now() - this.#anchor) * this.#rate);
  }

  /** Now, as the platform writes instants: `2023-10-05T14:22:10.000Z`. */
  iso(): string {
    return new Date(this.now()).toISOString();
  }

  /** Moves the clock to an instant (ISO 8601), also a past one. @throws BAD_INPUT if it is not valid. */
  set(iso: string): void {
    this.#base = milliseconds(iso);
    this.#anchor = Date.now();
  }

  /** Moves the clock by `ms` milliseconds. */
  advance(ms: number): void {
    this.#base += ms;
  }
}

function milliseconds(iso: string): number {
  const at = Date.parse(iso);
  if (Number.isNaN(at))
    throw new MlopsError('BAD_INPUT', 'The sandbox clock takes an ISO 8601 instant such as 2023-10-05T14:22:10.000Z.', {
      where: 'clock.start',
    });
  return at;
}
