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

/** Aborted, with an `Interrupted`, by the first SIGINT or SIGTERM; a second one exits immediately. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      const interrupted = new Interrupted(signal);
      if (controller.signal.aborted) process.exit(interrupted.exitCode);
      controller.abort(interrupted);
      setTimeout(() => process.exit(interrupted.exitCode), timeoutMs).unref();
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
