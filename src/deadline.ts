/** The time limit of a task has passed. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';
}

/**
 * Runs `task` for at most `ms` milliseconds, with a signal that aborts when the time is over or `signal` aborts.
 *
 * The timer belongs to this call. `AbortSignal.any([signal, AbortSignal.timeout(ms)])` may be garbage-collected before it
 * fires (Node 20), and the task would then run for ever.
 * @throws DeadlinePassed, also if the task ignores its signal; or the reason of `signal`
 */
export async function withinDeadline<Result>(
  ms: number,
  signal: AbortSignal | null,
  task: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(stop.signal.reason), { once: true });
  });
  const timer = setTimeout(() => stop.abort(new DeadlinePassed(`not done within ${ms} ms`)), ms);
  const forward = () => stop.abort(signal?.reason);
  signal?.addEventListener('abort', forward, { once: true });
  try {
    return await Promise.race([task(stop.signal), aborted]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', forward);
  }
}
