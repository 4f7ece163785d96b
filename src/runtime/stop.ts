import type { MlopsError } from '../errors.ts';

/**
 * How one attempt of a job is stopped. The signal is made when a handler first looks at it: most small jobs never do, and
 * making one costs more than they do.
 */
export class Stop {
  #reason: MlopsError | undefined;
  #controller: AbortController | undefined;
  #reject: ((reason: MlopsError) => void) | undefined;

  /** The reason for the stop; `undefined` before one is requested. */
  get reason(): MlopsError | undefined {
    return this.#reason;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  abort(reason: MlopsError): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#controller?.abort(reason);
    this.#reject?.(reason);
  }

  /**
   * Settles as `work` does, or rejects with the reason when stopped: a handler that hangs on a disk or a socket must
   * not hold its job. What it does afterwards does no harm, since all that handlers write is created once.
   */
  orStopped<Result>(work: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      work.then(resolve, reject);
      if (this.#reason !== undefined) reject(this.#reason);
    });
  }
}
