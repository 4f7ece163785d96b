import type { Redis } from 'ioredis';

/** Waits for messages of a channel: hints that looking again may be worth while, and never more than that. */
export interface Hints {
  /** Resolves at the next message `name`, after `ms` at the latest, and when `signal` is aborted. */
  wait(name: string, ms: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** The subscription is a connection of its own, made at the first wait. */
export function openHints(client: Redis, channel: string): Hints {
  const waiting = new Map<string, Set<() => void>>();
  let subscriber: Redis | null = null;

  function subscribe(): void {
    if (subscriber !== null) return;
    subscriber = client.duplicate();
    subscriber.on('error', () => undefined);
    subscriber.on('message', (_, name: string) => {
      for (const wake of waiting.get(name) ?? []) wake();
    });
    // Without it, waiting takes a little longer.
    subscriber.subscribe(channel).catch(() => undefined);
  }

  return {
    async wait(name, ms, signal) {
      subscribe();
      await new Promise<void>(resolve => {
        const wakers = waiting.get(name) ?? new Set();
        waiting.set(name, wakers);
        const wake = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', wake);
          wakers.delete(wake);
          if (wakers.size === 0) waiting.delete(name);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        signal.addEventListener('abort', wake, { once: true });
        wakers.add(wake);
        if (signal.aborted) wake();
      });
    },
    close() {
      subscriber?.disconnect();
    },
  };
}
