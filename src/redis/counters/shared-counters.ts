import type { Redis } from 'ioredis';
import { type CounterName, type TimerName, timers } from './metrics.ts';

/** Counts events of this process. Costs no more than an addition: the counts are written to Redis later. */
export interface Counting {
  /** Counts one more, of these labels in the order of their definition. */
  count(name: CounterName, ...labels: readonly string[]): void;
  time(name: TimerName, ms: number, ...labels: readonly string[]): void;
}

/**
 * What all processes of a tenant have counted, added up in Redis: many of them are workers, which serve no HTTP. A process
 * keeps what it counts for a second at the most, which is what a killed one takes with it.
 */
export interface SharedCounters extends Counting {
  /** The sums of all processes. */
  read(): Promise<Sums>;
  /** Sends what has been counted; it never fails: what could not be sent stays for the next time. */
  flush(): Promise<void>;
  /** Sends what is left, and waits no longer than a second for it. */
  close(): Promise<void>;
}

/** By field: `name|label|…` of a counter, `name|label|…|bound` and `name|label|…|sum` (µs) of a timer. */
export type Sums = ReadonlyMap<string, number>;

/** Parts of a field are joined by what no label has. */
export const joint = '|';
export const overflow = '+Inf';
export const total = 'sum';

const flushEveryMs = 1_000;

/** The key of the sums, in the tenant's part of Redis. */
export function countersKey(prefix: string): string {
  return `${prefix}:counters`;
}

export function openSharedCounters(client: Redis, prefix: string): SharedCounters {
  const key = countersKey(prefix);
  let pending = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | null = null;

  function add(field: string, by: number): void {
    pending.set(field, (pending.get(field) ?? 0) + by);
    timer ??= setTimeout(() => void flush(), flushEveryMs).unref();
  }

  async function send(): Promise<void> {
    const counted = pending;
    pending = new Map();
    if (counted.size === 0) return;
    const transaction = client.multi();
    for (const [field, by] of counted) transaction.hincrby(key, field, by);
    const answers = await transaction.exec().catch(() => null);
    for (const [index, [field, by]] of [...counted].entries())
      if (answers === null || answers[index]?.[0] != null) add(field, by);
  }

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    // While Redis is away one sending waits for it, and what is counted meanwhile for that.
    await sending;
    sending = send().finally(() => {
      sending = null;
    });
    await sending;
  }

  return {
    count: (name, ...labels) => add(labels.length === 0 ? name : `${name}${joint}${labels.join(joint)}`, 1),
    time(name, ms, ...labels) {
      const field = `${name}${joint}${labels.join(joint)}${joint}`;
      add(field + boundOf(name, ms / 1000), 1);
      add(field + total, Math.max(0, Math.round(ms * 1000)));
    },
    async read() {
      const stored = await client.hgetall(key);
      return new Map(Object.entries(stored).map(([field, value]) => [field, Number(value)]));
    },
    flush,
    async close() {
      await within(flushEveryMs, flush());
      clearTimeout(timer);
    },
  };
}

/** The bucket that a value of a histogram counts in. */
export function boundOf(name: TimerName, value: number): string {
  for (const bound of timers[name].bounds) if (value <= bound) return String(bound);
  return overflow;
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>(resolve => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Counts nothing. */
export const noCounting: Counting = { count: () => undefined, time: () => undefined };
