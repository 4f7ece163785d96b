import { exitCodes } from './exit.ts';

/** The command was ended by a signal. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`ended by ${signal}`);
    this.exitCode = signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
  }
}

/** After a signal the process exits within this time, even if closing hangs, e.g. because Redis is unreachable. */
const timeoutMs = 25_000;

const parentCheckMs = 1_000;

/**
 * npx does not pass signals on: if its process has exited, this one stops as well. (A process started by any other
 * program keeps running after its parent exits.)
 */
function stopWithNpm(): void {
  if (process.env.npm_command === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, parentCheckMs);
  timer.unref();
}

/**
 * Ends this process by `signal` as if it did not handle it. `process.exit` would end threads first, and the inference
 * runtime aborts the process when its thread is ended during a run.
 */
function endBy(signal: 'SIGINT' | 'SIGTERM', exitCode: number): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // The first process of a container is not ended by its own signals.
  setTimeout(() => process.exit(exitCode), 200);
}

/**
 * Aborted, with an `Interrupted`, by the first SIGINT or SIGTERM; a second one ends the process immediately.
 * @param isServer a server that is ended after the timeout has stopped as requested: exit code 0
 */
export function interruption({ isServer = false }: { readonly isServer?: boolean } = {}): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      const interrupted = new Interrupted(signal);
      if (controller.signal.aborted) return endBy(signal, interrupted.exitCode);
      controller.abort(interrupted);
      setTimeout(() => process.exit(isServer ? exitCodes.ok : interrupted.exitCode), timeoutMs).unref();
    });
  stopWithNpm();
  return controller.signal;
}

/** Resolves when `signal` is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
