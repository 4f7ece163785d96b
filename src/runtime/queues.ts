import { type JobsOptions, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Order } from './job.ts';

/** The queues of one tenant on one Redis. */
export interface Queues {
  /**
   * Puts jobs into their queues: absent → added, failed → anew with all its tries, anything else → left alone.
   * Running it again is always safe.
   */
  enqueue(orders: readonly Order[]): Promise<void>;
  /** As `enqueue`, but what has failed stays failed: to try again is for somebody to ask, not for another job to cause. */
  add(orders: readonly Order[]): Promise<void>;
  /** As `enqueue`, but what is completed is done anew too: for orders whose output is known to be missing. */
  redo(orders: readonly Order[]): Promise<void>;
  /** Takes jobs out that nobody has begun; one that is under way goes on. */
  withdraw(orders: readonly Order[]): Promise<void>;
  /** Whether the job is still to end: it waits for its turn or its time, or a worker has it. */
  isUnderWay(order: Pick<Order, 'queue' | 'id'>): Promise<boolean>;
  /** No worker of any process takes a job of the queue for `ms` milliseconds; those waiting keep their order. */
  pauseFor(name: string, ms: number): Promise<void>;
  /** The BullMQ queue of that name, opened once. */
  queue(name: string): Queue;
  close(): Promise<void>;
}

/** How long finished jobs stay to be looked at, in milliseconds. Of completed ones no more than 10,000 stay. */
export interface JobTerms {
  readonly completedMs: number;
  readonly failedMs: number;
}

const day = 86_400_000;
const usualTerms: JobTerms = { completedMs: 7 * day, failedMs: 30 * day };
const mostCompleted = 10_000;

/** Jobs are sent to Redis in chunks of this many, so that one call of a hundred thousand does not hold it. */
const chunk = 1_000;

const unended: readonly string[] = ['waiting', 'active', 'delayed', 'prioritized', 'waiting-children'];

/** So many jobs a second that it limits nothing. */
const noLimit = [1_000_000, 1_000] as const;

export interface QueuesOptions {
  /** Does not wait for a connection that is away: for a `connection` whose commands then fail. */
  readonly isPrompt?: boolean;
  readonly terms?: JobTerms;
}

export function openQueues(
  connection: Redis,
  prefix: string,
  { isPrompt = false, terms = usualTerms }: QueuesOptions = {},
): Queues {
  const open = new Map<string, Queue>();

  function queue(name: string): Queue {
    const existing = open.get(name);
    if (existing !== undefined) return existing;
    const created = new Queue(name, { connection, prefix, skipWaitingForReady: isPrompt });
    created.on('error', () => undefined);
    open.set(name, created);
    return created;
  }

  function* chunks(orders: readonly Order[]): Generator<[Queue, readonly Order[]]> {
    for (const name of new Set(orders.map(order => order.queue))) {
      const all = orders.filter(order => order.queue === name);
      for (let start = 0; start < all.length; start += chunk) yield [queue(name), all.slice(start, start + chunk)];
    }
  }

  return {
    queue,
    async pauseFor(name, ms) {
      // Without any limit set BullMQ ignores `rateLimit`; with one every job costs more, so it is set when it is needed.
      await queue(name).setGlobalRateLimit(...noLimit);
      await queue(name).rateLimit(Math.max(1, Math.ceil(ms)));
    },
    async enqueue(orders) {
      for (const [queue, some] of chunks(orders)) await addAnew(queue, connection, some, ['failed'], terms);
    },
    async redo(orders) {
      for (const [queue, some] of chunks(orders))
        await addAnew(queue, connection, some, ['failed', 'completed'], terms);
    },
    async add(orders) {
      for (const [queue, some] of chunks(orders)) await addChunk(queue, some, terms);
    },
    async withdraw(orders) {
      for (const order of orders) await queue(order.queue).remove(order.id);
    },
    async isUnderWay(order) {
      return unended.includes(await queue(order.queue).getJobState(order.id));
    },
    async close() {
      await Promise.all([...open.values()].map(each => each.close()));
    },
  };
}

/**
 * Adds the orders, those that ended in one of `states` too. Such a job is removed first rather than retried: BullMQ counts
 * a job's crashes for as long as it lives, and who asks to try again has mended what made it crash.
 */
async function addAnew(
  queue: Queue,
  connection: Redis,
  orders: readonly Order[],
  states: readonly string[],
  terms: JobTerms,
): Promise<void> {
  const ids = orders.map(order => order.id);
  if (ids.length === 0) return;
  for (const state of states) {
    const ended = await connection.zmscore(queue.toKey(state), ...ids);
    await Promise.all(ids.filter((_, index) => ended[index] !== null).map(id => queue.remove(id)));
  }
  await addChunk(queue, orders, terms);
}

/** BullMQ leaves a job alone whose id exists, in whatever state it is. */
async function addChunk(queue: Queue, orders: readonly Order[], terms: JobTerms): Promise<void> {
  if (orders.length === 0) return;
  await queue.addBulk(
    orders.map(order => ({ name: order.queue, data: order.payload, opts: jobOptions(order, terms) })),
  );
}

function jobOptions(order: Order, { completedMs, failedMs }: JobTerms): JobsOptions {
  return {
    jobId: order.id,
    attempts: order.policy.attempts,
    backoff: { type: 'exponential', delay: order.policy.backoffMs, jitter: 0.5 },
    // BullMQ takes jobs without a priority first.
    ...(order.isBulk ? { priority: 1 } : {}),
    removeOnComplete: { age: completedMs / 1000, count: mostCompleted },
    removeOnFail: { age: failedMs / 1000 },
  };
}
