import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { NotNow } from '../errors.ts';
import { type Counting, noCounting } from '../redis/counters/shared-counters.ts';
import type { Family, Limit } from './endpoints.ts';

/**
 * The budget of an endpoint family: every HTTP request of every process takes a slot first. A generic cell rate
 * algorithm (GCRA, ITU-T I.371) without burst, in one atomic Redis script and by Redis's clock.
 */
export interface Budget {
  /**
   * Takes the next slot and waits for it; send the request as soon as it returns.
   * @throws NotNow if no slot is near: the queue waits, and no worker slot is held
   */
  take(family: Family, signal: AbortSignal): Promise<void>;
  /** Holds back all requests of the family in every process for `ms` milliseconds, as the platform requires. */
  hold(family: Family, ms: number): Promise<void>;
  /** How many more milliseconds the family is held; 0 when it is not. */
  heldMs(family: Family): Promise<number>;
}

/** Slots are spaced for slightly less than the limit, so that late timers cannot cause a burst over a sliding window. */
const usedShare = 0.98;
/**
 * Slots are given out at most this far ahead, to callers that wait for them at once: no slot is lost to a queue that wakes
 * late, and a more urgent job still comes before all jobs without a slot.
 */
const horizonMs = 2_000;
/** A request that is later than this in its slot would be too close to the next one: it takes a new slot. */
const lateMs = 5;
/** How long before the slot to check whether the family was held, so that the check does not make the request late. */
const lookMs = 15;
/** Timers are a millisecond or two late, so the last part of the wait is a busy loop. */
const awakeMs = 2;

/*
 * Inputs: KEYS the family's next free slot, its hold · ARGV spacing and horizon in µs.
 * Output: {1, wait in µs}: the slot is taken; {0, wait in µs}: none was taken, ask again then.
 */
const takeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local spacing, horizon = tonumber(ARGV[1]), tonumber(ARGV[2])
local held = tonumber(redis.call('GET', KEYS[2]) or '0')
if held > now then return {0, held - now} end
local slot = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
if slot - now > horizon then return {0, slot - now - horizon} end
redis.call('SET', KEYS[1], string.format('%.0f', slot + spacing), 'PX', math.ceil((slot + spacing - now) / 1000) + 60000)
return {1, slot - now}`;

/* Inputs: KEYS the family's hold · ARGV how long, in ms. A hold is never shortened. */
const holdScript = `
local time = redis.call('TIME')
local till = time[1] * 1000000 + time[2] + ARGV[1] * 1000
if till > tonumber(redis.call('GET', KEYS[1]) or '0') then
  redis.call('SET', KEYS[1], string.format('%.0f', till), 'PX', ARGV[1])
end
return 1`;

const takeAnswer = z.tuple([z.union([z.literal(0), z.literal(1)]), z.number()]);

export function openBudget(
  client: Redis,
  prefix: string,
  limits: Readonly<Record<Family, Limit>>,
  counting: Counting = noCounting,
): Budget {
  const slotKey = (family: Family) => `${prefix}:budget:${family}:next`;
  const holdKey = (family: Family) => `${prefix}:budget:${family}:hold`;

  /** @returns milliseconds until the slot that was taken */
  async function reserve(family: Family): Promise<number> {
    const { count, perMs } = limits[family];
    const spacing = Math.ceil((perMs * 1000) / (count * usedShare));
    const answer = await client.eval(takeScript, 2, slotKey(family), holdKey(family), spacing, horizonMs * 1000);
    const [taken, wait] = takeAnswer.parse(answer);
    if (taken === 0) throw new NotNow(wait / 1000, 'queue');
    counting.count('cxone_budget_slots_total', family);
    return wait / 1000;
  }

  return {
    async take(family, signal) {
      for (;;) {
        const waitMs = await reserve(family);
        const due = performance.now() + waitMs;
        await sleepUntil(due - lookMs, signal);
        const isHeld = waitMs > lookMs && (await client.exists(holdKey(family))) === 1;
        await wakeUntil(due, signal);
        if (!isHeld && performance.now() - due <= lateMs) return;
      }
    },
    async hold(family, ms) {
      counting.count('cxone_platform_refusals_total', family);
      await client.eval(holdScript, 1, holdKey(family), Math.max(1, Math.ceil(ms)));
    },
    async heldMs(family) {
      return Math.max(0, await client.pttl(holdKey(family)));
    },
  };
}

/** Returns at `due` (of `performance.now`), or a millisecond or two after it. */
async function sleepUntil(due: number, signal: AbortSignal): Promise<void> {
  const ms = due - performance.now();
  if (ms > 0) await pause(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}

/** Returns at `due`, to a fraction of a millisecond unless the process is busy. */
async function wakeUntil(due: number, signal: AbortSignal): Promise<void> {
  await sleepUntil(due - awakeMs, signal);
  while (performance.now() < due) await new Promise(resolve => setImmediate(resolve));
  signal.throwIfAborted();
}
