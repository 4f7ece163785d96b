import { setTimeout as pause } from 'node:timers/promises';
import type { RequestStatus } from '../../jobs/flows/request-status.ts';

/** How a request's result is awaited. */
export interface ResultWaits {
  /**
   * Looks at the status until the request has succeeded.
   * @param signal ends the wait, because the client is gone
   * @returns `null` if it ends another way, is not there in time, or too many clients wait already
   */
  until<Result>(
    status: () => Promise<RequestStatus<Result>>,
    waitMs: number,
    signal: AbortSignal,
  ): Promise<{ readonly result: Result } | null>;
  /** Ends all waits: their clients get the id to look again. */
  end(): void;
  isOver(): boolean;
}

/** Each wait costs a few looks a second. Beyond this number a client gets the id at once. */
export const mostWaits = 500;
const firstPauseMs = 10;
const longestPauseMs = 250;

export function openResultWaits(most = mostWaits): ResultWaits {
  const ending = new AbortController();
  let waiting = 0;

  async function look<Result>(
    status: () => Promise<RequestStatus<Result>>,
    until: number,
    signal: AbortSignal,
  ): Promise<{ readonly result: Result } | null> {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
      const known = await status();
      if (known.state === 'succeeded') return { result: known.result };
      const leftMs = until - performance.now();
      const isOver = known.state === 'failed' || known.state === 'cancelled';
      if (isOver || leftMs <= 0 || ending.signal.aborted || signal.aborted) return null;
      await pause(Math.min(pauseMs, leftMs), undefined, { signal }).catch(() => undefined);
    }
  }

  return {
    async until(status, waitMs, signal) {
      if (waiting >= most) return null;
      waiting += 1;
      const either = new AbortController();
      const abort = () => either.abort();
      signal.addEventListener('abort', abort);
      ending.signal.addEventListener('abort', abort);
      try {
        return await look(status, performance.now() + waitMs, either.signal);
      } finally {
        waiting -= 1;
        signal.removeEventListener('abort', abort);
        ending.signal.removeEventListener('abort', abort);
      }
    },
    end: () => ending.abort(),
    isOver: () => ending.signal.aborted,
  };
}
