import { setTimeout as pause } from 'node:timers/promises';
import { NotNow } from '../errors.ts';

/** Runs a task that a limit may put off, and waits as long as the limit requires. */
export async function waitOutLimits<Result>(ask: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof NotNow)) throw error;
      await pause(error.ms, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}
