import { setTimeout as pause } from 'node:timers/promises';
import { NotNow } from '../errors.ts';

/** Does what a limit may put off: waits for its turn as a job would. */
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
