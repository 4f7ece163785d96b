import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { NotNow } from '../../src/errors.ts';
import { openBudget } from '../../src/platform/budget.ts';
import { defaultLimits } from '../../src/platform/endpoints.ts';
import { useRedis } from '../redis-server.ts';
import { thrownBy } from '../thrown.ts';

const redis = useRedis();
const never = new AbortController().signal;
const limitsWith = (count: number, perMs: number) => ({ ...defaultLimits, NLU: { count, perMs } });
const isNotNow = (error: unknown): error is NotNow => error instanceof NotNow;

/** @returns by how many milliseconds, at the most, timers and answers of Redis were late until `signal` */
async function latenessUntil(signal: AbortSignal, client: Redis): Promise<number> {
  let latest = 0;
  while (!signal.aborted) {
    const from = performance.now();
    await pause(2);
    await client.ping();
    latest = Math.max(latest, performance.now() - from - 2);
  }
  return latest;
}

describe('a budget', () => {
  it('lets no sliding second hold more than the limit, over two processes that want more', async () => {
    const prefix = redis.prefix();
    const limit = 100;
    const budgets = [redis.connect(), redis.connect()].map(client =>
      openBudget(client, prefix, limitsWith(limit, 1_000)),
    );
    const departures: number[] = [];
    const refusals: unknown[] = [];
    const take = async (taker: number) => {
      try {
        await budgets[taker % 2]?.take('NLU', new AbortController().signal);
        departures.push(performance.now());
      } catch (error) {
        refusals.push(error);
      }
    };
    const over = new AbortController();
    const lateness = latenessUntil(over.signal, redis.connect());
    const begin = performance.now();
    await Promise.all(Array.from({ length: 400 }, (_, taker) => take(taker)));
    over.abort();

    departures.sort((a, b) => a - b);
    // None leaves before its slot, however busy the machine is.
    const spacing = 1_000 / (limit * 0.98);
    for (const [index, departure] of departures.entries())
      expect(departure - begin).toBeGreaterThanOrEqual(index * spacing - 2);
    // Departures are seen a few milliseconds after they were due, and more of them where the machine is busy.
    const tolerance = 8 + (await lateness);
    for (const [index, departure] of departures.entries()) {
      const next = departures[index + limit];
      if (next !== undefined) expect(next - departure).toBeGreaterThanOrEqual(1_000 - tolerance);
    }
    // 2 s of slots are given out ahead; whoever comes after them is sent away, for the queue to wait.
    expect(departures.length).toBeGreaterThan(limit);
    expect(departures.length).toBeLessThan(400);
    expect(refusals.every(error => isNotNow(error) && error.who === 'queue' && error.ms > 0)).toBe(true);
  });

  it('spaces its slots for 98 % of the limit', async () => {
    const [prefix, client] = [redis.prefix(), redis.connect()];
    const budget = openBudget(client, prefix, limitsWith(1, 10_000));
    const now = async () => {
      const [seconds = 0, micros = 0] = (await client.time()).map(Number);
      return seconds * 1e6 + micros;
    };
    const before = await now();
    await budget.take('NLU', never);
    const after = await now();
    const next = Number(await client.get(`${prefix}:budget:NLU:next`));
    const spacing = Math.ceil(10_000_000 / 0.98);
    expect(next).toBeGreaterThanOrEqual(before + spacing);
    expect(next).toBeLessThanOrEqual(after + spacing);
  });

  it('sends away whoever would have to wait beyond its horizon, and takes no slot for them', async () => {
    const [prefix, client] = [redis.prefix(), redis.connect()];
    const budget = openBudget(client, prefix, limitsWith(1, 60_000));
    await budget.take('NLU', never);
    const before = await client.get(`${prefix}:budget:NLU:next`);
    for (let again = 0; again < 3; again++)
      expect(await thrownBy(() => budget.take('NLU', never))).toMatchObject({ who: 'queue' });
    expect(await client.get(`${prefix}:budget:NLU:next`)).toBe(before);
  });

  it('counts each family on its own', async () => {
    const budget = openBudget(redis.connect(), redis.prefix(), limitsWith(1, 3_600_000));
    await budget.take('NLU', never);
    await budget.take('POLL', never);
    expect(await thrownBy(() => budget.take('NLU', never))).toBeInstanceOf(NotNow);
  });

  it('ends a wait when it is aborted', async () => {
    const budget = openBudget(redis.connect(), redis.prefix(), limitsWith(1, 1_900));
    await budget.take('NLU', never);
    const stop = new AbortController();
    const waiting = thrownBy(() => budget.take('NLU', stop.signal));
    stop.abort(new Error('enough'));
    expect(await waiting).toMatchObject({ message: 'enough' });
  });
});

describe('a hold', () => {
  it('is seen by every process, and only for its family', async () => {
    const prefix = redis.prefix();
    const [one, other] = [redis.connect(), redis.connect()].map(client => openBudget(client, prefix, defaultLimits));
    await one?.hold('NLU', 60_000);
    const notNow = await thrownBy(() => other?.take('NLU', never));
    expect(isNotNow(notNow) && notNow.ms > 55_000 && notNow.ms <= 60_000).toBe(true);
    await other?.take('POLL', never);
  });

  it('is never shortened', async () => {
    const budget = openBudget(redis.connect(), redis.prefix(), defaultLimits);
    await budget.hold('NLU', 60_000);
    await budget.hold('NLU', 10);
    const notNow = await thrownBy(() => budget.take('NLU', never));
    expect(isNotNow(notNow) && notNow.ms > 50_000).toBe(true);
  });

  it('ends', async () => {
    const budget = openBudget(redis.connect(), redis.prefix(), limitsWith(10_000, 1_000));
    await budget.hold('NLU', 20);
    for (;;) {
      const error = await budget.take('NLU', never).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (error === null) break;
      expect(error).toMatchObject({ who: 'queue' });
    }
  });

  it('stops those too who have a slot and wait for it', async () => {
    const prefix = redis.prefix();
    const [one, other] = [redis.connect(), redis.connect()].map(client =>
      openBudget(client, prefix, limitsWith(1, 1_900)),
    );
    await one?.take('NLU', never);
    const waiting = thrownBy(() => one?.take('NLU', never));
    await other?.hold('NLU', 60_000);
    expect(await waiting).toMatchObject({ who: 'queue' });
  });
});

describe('a batch', () => {
  it('lets no batch keep another request waiting for more than 300 ms', async () => {
    const [prefix, client] = [redis.prefix(), redis.connect()];
    const budget = openBudget(client, prefix, limitsWith(10, 1_000));
    const key = (part: string) => `${prefix}:budget:NLU:${part}`;
    const stopped = AbortSignal.abort();
    /** Takes a slot and does not wait for it. @returns whether there was one */
    const takes = async (isBulk: boolean) => {
      const error = await thrownBy(() => budget.take('NLU', stopped, { isBulk }));
      return !isNotNow(error);
    };
    const micros = async () => {
      const [seconds = 0, rest = 0] = (await client.time()).map(Number);
      return seconds * 1e6 + rest;
    };
    const began = await micros();
    let taken = 0;
    while (await takes(true)) taken += 1;
    expect(taken).toBeGreaterThan(0);
    // However long that took, the next slot is no more than 300 ms after the last one was taken.
    expect(Number(await client.get(key('next')))).toBeLessThanOrEqual((await micros()) + 300_000);
    expect(Number(await client.get(key('next')))).toBeGreaterThanOrEqual(began + taken * Math.ceil(100_000 / 0.98));
    expect(await takes(false)).toBe(true);
  });

  it('leaves one slot in ten of a batch free for others, while there are any', async () => {
    const [prefix, client] = [redis.prefix(), redis.connect()];
    const budget = openBudget(client, prefix, limitsWith(10_000, 1_000));
    const free = async () => (await client.zrange(`${prefix}:budget:NLU:free`, '0', '-1')).map(Number);
    const stopped = AbortSignal.abort();
    const take = async (isBulk: boolean) => await thrownBy(() => budget.take('NLU', stopped, { isBulk }));
    for (let slot = 0; slot < 8; slot++) await take(true);
    expect(await free()).toEqual([]);
    await take(false);
    for (let slot = 0; slot < 9; slot++) await take(true);
    const [left = 0, ...more] = await free();
    expect(more).toEqual([]);
    // The batch goes on behind the slot that is left free.
    const next = Number(await client.get(`${prefix}:budget:NLU:next`));
    expect(next - left).toBe(Math.ceil(100 / 0.98));
  });
});
