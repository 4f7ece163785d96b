/** Tells a call's threads that it was cancelled: they share the flag, because their event loops are blocked. */
export class Cancellation {
  readonly flag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

  get isCancelled(): boolean {
    return Atomics.load(this.flag, 0) !== 0;
  }

  cancel(): void {
    Atomics.store(this.flag, 0, 1);
  }
}

/** The calls in progress of one embedder. */
export class Cancellations {
  readonly #calls = new Set<(reason: unknown) => void>();
  #closed: { readonly reason: unknown } | null = null;

  /** Resolves as `call` does, or rejects at once when `signal` is aborted, with its reason, or when this is closed. */
  orCancelled<Result>(
    signal: AbortSignal | undefined,
    call: (cancellation: Cancellation) => Promise<Result>,
  ): Promise<Result> {
    if (this.#closed !== null) return Promise.reject(this.#closed.reason);
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    const cancellation = new Cancellation();
    return new Promise((resolve, reject) => {
      const cancel = (reason: unknown) => {
        cancellation.cancel();
        reject(reason);
      };
      const abort = () => cancel(signal?.reason);
      signal?.addEventListener('abort', abort, { once: true });
      this.#calls.add(cancel);
      call(cancellation)
        .then(resolve, reject)
        .finally(() => {
          signal?.removeEventListener('abort', abort);
          this.#calls.delete(cancel);
        });
    });
  }

  /** Cancels all calls in progress and refuses later ones. */
  close(reason: unknown): void {
    this.#closed ??= { reason };
    for (const cancel of this.#calls) cancel(reason);
  }
}
