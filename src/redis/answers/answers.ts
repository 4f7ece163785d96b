import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { openHints } from './hints.ts';
import { findScript, putScript, releaseScript, renewScript, takeScript } from './scripts.ts';

/**
 * A cache of another system's answers, shared by all processes of a tenant: identical requests at one time make one call,
 * whatever process they are in. It knows nothing of the answers: `value` is a text that the caller has sealed, `key` a
 * keyed hash of the request.
 */
export interface Answers {
  /** A fresh answer; `null` if the other system would have to be asked. */
  find(key: string): Promise<Answer | null>;
  /**
   * A fresh answer, or that of `call`, which is made while no other process makes one for the same key. If it fails and
   * `isOutage` says that the other system is to blame, an older answer is served as `stale`.
   * @throws the error of `call`; the signal's reason
   */
  get(key: string, call: Call, options: GetOptions): Promise<Answer>;
  close(): void;
}

export interface Answer {
  readonly value: string;
  readonly source: 'api' | 'cache' | 'stale';
  /** Since the other system gave it; 0 for `api`. */
  readonly ageMs: number;
}

export type Call = () => Promise<string>;

export interface GetOptions {
  readonly signal: AbortSignal;
  isOutage(error: unknown): Promise<boolean> | boolean;
  /** Keeps a called answer for a piece of work, in the same step that caches it. */
  readonly keptIn?: KeptIn;
}

/** A field of a hash in Redis, and what it gets: `value` is the answer. */
export interface KeptIn {
  readonly key: string;
  readonly field: string;
  entry(value: string): string;
}

/** In milliseconds. */
export interface AnswerTimes {
  /** An answer up to this old is served without a call. */
  readonly freshMs: number;
  /** An answer up to this old is served where the call fails. */
  readonly staleMs: number;
  /** A process that dies while it calls frees its key after this time at the latest. */
  readonly leaseMs: number;
  /** How often a waiting process looks again, without a hint. */
  readonly lookEveryMs: number;
  /** How long a piece of work is kept. */
  readonly keptMs: number;
}

const usualTimes: AnswerTimes = {
  freshMs: 10_000,
  staleMs: 300_000,
  leaseMs: 4_000,
  lookEveryMs: 250,
  keptMs: 7 * 86_400_000,
};

const taken = z.tuple([z.enum(['fresh', 'leased', 'busy', 'none']), z.number(), z.string()]);

/** @param mostBytes of all answers together: the least recently used ones are removed first */
export function openAnswers(
  client: Redis,
  prefix: string,
  mostBytes: number,
  times: AnswerTimes = usualTimes,
): Answers {
  const { freshMs, staleMs, leaseMs, lookEveryMs, keptMs } = times;
  const start = `${prefix}:answers:of:`;
  const answerKey = (key: string) => start + key;
  const leaseKey = (key: string) => `${prefix}:answers:lease:${key}`;
  const [usedKey, sizesKey, totalKey, channel] = ['used', 'sizes', 'bytes', 'done'].map(
    part => `${prefix}:answers:${part}`,
  );
  const keys = { used: usedKey ?? '', sizes: sizesKey ?? '', total: totalKey ?? '', channel: channel ?? '' };
  const hints = openHints(client, keys.channel);

  async function take(key: string, token: string) {
    const own = [answerKey(key), leaseKey(key), keys.used];
    return taken.parse(await client.eval(takeScript, own.length, ...own, start, key, token, leaseMs, freshMs));
  }

  async function put(key: string, token: string, value: string, keptIn: KeptIn | undefined): Promise<void> {
    const own = [
      answerKey(key),
      leaseKey(key),
      keys.used,
      keys.sizes,
      keys.total,
      keys.channel,
      keptIn?.key ?? keys.used,
    ];
    const kept = keptIn === undefined ? ['', ''] : [keptIn.field, keptIn.entry(value)];
    await client.eval(putScript, own.length, ...own, start, key, token, value, staleMs, mostBytes, ...kept, keptMs);
  }

  async function release(key: string, token: string): Promise<void> {
    await client.eval(releaseScript, 2, leaseKey(key), keys.channel, token, key);
  }

  /** Calls while the lease is renewed. */
  async function called(key: string, token: string, call: Call): Promise<string> {
    const renewal = setInterval(() => {
      client.eval(renewScript, 1, leaseKey(key), token, leaseMs).catch(() => undefined);
    }, leaseMs / 3);
    try {
      return await call();
    } finally {
      clearInterval(renewal);
    }
  }

  return {
    async find(key) {
      const [state, ageMs, value] = taken.parse(
        await client.eval(findScript, 2, answerKey(key), keys.used, key, freshMs),
      );
      return state === 'fresh' ? { value, ageMs, source: 'cache' } : null;
    },
    async get(key, call, { signal, isOutage, keptIn }) {
      const token = randomUUID();
      for (;;) {
        signal.throwIfAborted();
        const [state, number, old] = await take(key, token);
        if (state === 'fresh') return { value: old, ageMs: number, source: 'cache' };
        if (state !== 'leased') {
          await hints.wait(key, Math.min(number + 1, lookEveryMs), signal);
          continue;
        }
        const takenAt = performance.now();
        try {
          const value = await called(key, token, call);
          await put(key, token, value, keptIn);
          return { value, ageMs: 0, source: 'api' };
        } catch (error) {
          await release(key, token).catch(() => undefined);
          const ageMs = number + performance.now() - takenAt;
          if (old === '' || ageMs > staleMs || signal.aborted || !(await isOutage(error))) throw error;
          return { value: old, ageMs, source: 'stale' };
        }
      }
    },
    close: () => hints.close(),
  };
}
