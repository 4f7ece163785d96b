/** Lets the event loop turn between pieces of long work, so that a process that tunes still answers and keeps its locks. */
export class Breath {
  readonly #every: number;
  #done = 0;

  /** @param every units of work between two turns; a unit is what is done to one row or point: some nanoseconds */
  constructor(every = 2 ** 20) {
    this.#every = every;
  }

  /** Notes that this much was done: whether it is time for a turn. */
  isDueAfter(units: number): boolean {
    this.#done += units;
    return this.#done >= this.#every;
  }

  async take(): Promise<void> {
    this.#done = 0;
    await new Promise<void>(resolve => setImmediate(resolve));
  }
}
