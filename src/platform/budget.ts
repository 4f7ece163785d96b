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
  take(family: Family, signal: AbortSignal, options?: TakeOptions): Promise<void>;
  /** Holds back all requests of the family in every process for `ms` milliseconds, as the platform requires. */
  hold(family: Family, ms: number): Promise<void>;
  /** How many more milliseconds the family is held; 0 when it is not. */
  heldMs(family: Family): Promise<number>;
}

export interface TakeOptions {
  /** Part of a batch, which must not keep other requests waiting; false by default. */
  readonly isBulk?: boolean;
}

/** Slots are spaced for slightly less than the limit, so that late timers cannot cause a burst over a sliding window. */
const usedShare = 0.98;
/**
 * Slots are given out at most this far ahead, to callers that wait for them at once: no slot is lost to a queue that wakes
 * late, and a more urgent job still comes before all jobs without a slot.
 */
const horizonMs = 2_000;
/** Batches take slots this far ahead at the most, and none that would make the next request wait longer than `longestWaitMs`. */
const bulkHorizonMs = 250;
const longestWaitMs = 300;
/** While requests of the last minute were not of a batch, batches leave one slot in ten free for the next of them. */
const interactiveMs = 60_000;
const bulkSlotsInARow = 9;
/** A request that is later than this in its slot would be too close to the next one: it takes a new slot. */
const lateMs = 5;
/** How long before the slot to check whether the family was held, so that the check does not make the request late. */
const lookMs = 15;
/** Timers are a millisecond or two late, so the last part of the wait is a busy loop. */
const awakeMs = 2;
/** Slots that are closer than this, in µs, are not waited for in a loop, which would never end. */
const closeSlotsUs = 20_000;

/*
 * Inputs: KEYS the family's next slot, its hold, the slots left free (a sorted set), whether a request of the last minute
 *   was not of a batch, the batches' slots since the last one left free · ARGV spacing and horizon in µs, 1 for a batch,
 *   how long that is remembered in ms, the batches' slots in a row
 * Output: {1, wait in µs}: the slot is taken; {0, wait in µs}: none was taken, ask again then
 */
const takeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local spacing, horizon, bulk = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3] == '1'
local held = tonumber(redis.call('GET', KEYS[2]) or '0')
if held > now then return {0, held - now} end
local slot = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
if not bulk then
  redis.call('SET', KEYS[4], '1', 'PX', ARGV[4])
  local free = redis.call('ZRANGEBYSCORE', KEYS[3], now, slot, 'LIMIT', 0, 1)[1]
  if free then
    redis.call('ZREM', KEYS[3], free)
    return {1, tonumber(free) - now}
  end
end
if slot - now > horizon then return {0, slot - now - horizon} end
local nextSlot = slot + spacing
if bulk and redis.call('EXISTS', KEYS[4]) == 1 and redis.call('INCR', KEYS[5]) >= tonumber(ARGV[5]) then
  redis.call('DEL', KEYS[5])
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', string.format('(%.0f', now))
  local left = string.format('%.0f', nextSlot)
  redis.call('ZADD', KEYS[3], left, left)
  redis.call('PEXPIRE', KEYS[3], 60000)
  nextSlot = nextSlot + spacing
end
redis.call('SET', KEYS[1], string.format('%.0f', nextSlot), 'PX', math.ceil((nextSlot - now) / 1000) + 60000)
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
  const key = (family: Family, part: string) => `${prefix}:budget:${family}:${part}`;
  const holdKey = (family: Family) => key(family, 'hold');
  const spacingOf = ({ count, perMs }: Limit) => Math.ceil((perMs * 1000) / (count * usedShare));

  /** @returns milliseconds until the slot that was taken */
  async function reserve(family: Family, spacing: number, isBulk: boolean): Promise<number> {
    const bulkHorizon = Math.max(0, Math.min(bulkHorizonMs * 1000, longestWaitMs * 1000 - spacing));
    const keys = ['next', 'hold', 'free', 'interactive', 'in-a-row'].map(part => key(family, part));
    const horizon = isBulk ? bulkHorizon : horizonMs * 1000;
    const bulk = isBulk ? 1 : 0;
    const answer = await client.eval(
      takeScript,
      keys.length,
      ...keys,
      spacing,
      horizon,
      bulk,
      interactiveMs,
      bulkSlotsInARow,
    );
    const [taken, wait] = takeAnswer.parse(answer);
    if (taken === 0) throw new NotNow(wait / 1000, 'queue');
    counting.count('cxone_budget_slots_total', family);
    return wait / 1000;
  }

  return {
    async take(family, signal, { isBulk = false } = {}) {
      const spacing = spacingOf(limits[family]);
      for (;;) {
        const waitMs = await reserve(family, spacing, isBulk);
        const due = performance.now() + waitMs;
        await sleepUntil(due - lookMs, signal);
        const isHeld = waitMs > lookMs && (await client.exists(holdKey(family))) === 1;
        if (spacing >= closeSlotsUs) await wakeUntil(due, signal);
        else await sleepUntil(due, signal);
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
  if (ms > 0) await pause(ms, undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted();
}

/** Returns at `due`, to a fraction of a millisecond unless the process is busy. */
async function wakeUntil(due: number, signal: AbortSignal): Promise<void> {
  await sleepUntil(due - awakeMs, signal);
  while (performance.now() < due) await new Promise(resolve => setImmediate(resolve));
  signal.throwIfAborted();
}
