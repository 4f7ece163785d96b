import { type JobsOptions, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { JobSpec } from './job-spec.ts';

/** Which ended jobs `enqueue` starts again: none, those that failed, those that completed, or all. */
export type Restart = 'never' | 'failed' | 'completed' | 'always';

/** The queues of one tenant on one Redis. */
export interface Queues {
  /**
   * Adds the jobs that are absent. One that ended is started again with all its attempts where `restart` says so; any
   * other job of that id is left alone. Calling it again is always safe.
   */
  enqueue(specs: readonly JobSpec[], options: { readonly restart: Restart }): Promise<void>;
  /** Takes jobs out that nobody has begun; one that is under way goes on. */
  withdraw(specs: readonly JobSpec[]): Promise<void>;
  /** Whether the job is still to end: it waits for its turn or its time, or a worker has it. */
  isUnderWay(spec: Pick<JobSpec, 'queue' | 'id'>): Promise<boolean>;
  /** No worker of any process takes a job of the queue for `ms` milliseconds; those waiting keep their spec. */
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
  readonly failsFast?: boolean;
  readonly terms?: JobTerms;
}

export function openQueues(
  connection: Redis,
  prefix: string,
  { failsFast = false, terms = usualTerms }: QueuesOptions = {},
): Queues {
  const open = new Map<string, Queue>();

  function queue(name: string): Queue {
    const existing = open.get(name);
    if (existing !== undefined) return existing;
    const created = new Queue(name, { connection, prefix, skipWaitingForReady: failsFast });
    created.on('error', () => undefined);
    open.set(name, created);
    return created;
  }

  function* chunks(specs: readonly JobSpec[]): Generator<[Queue, readonly JobSpec[]]> {
    for (const name of new Set(specs.map(spec => spec.queue))) {
      const all = specs.filter(spec => spec.queue === name);
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
    async enqueue(specs, { restart }) {
      for (const [queue, some] of chunks(specs)) {
        await removeEnded(queue, connection, some, restartedStates[restart]);
        await addChunk(queue, some, terms);
      }
    },
    async withdraw(specs) {
      for (const spec of specs) await queue(spec.queue).remove(spec.id);
    },
    async isUnderWay(spec) {
      return unended.includes(await queue(spec.queue).getJobState(spec.id));
    },
    async close() {
      await Promise.all([...open.values()].map(each => each.close()));
    },
  };
}

const restartedStates: Readonly<Record<Restart, readonly string[]>> = {
  never: [],
  failed: ['failed'],
  completed: ['completed'],
  always: ['failed', 'completed'],
};

/**
 * Removes the jobs that ended in one of `states`, so that they can be added again. Retrying them would not do: BullMQ
 * counts a job's crashes for as long as it lives, and a caller who tries again has fixed what made it crash.
 */
async function removeEnded(
  queue: Queue,
  connection: Redis,
  specs: readonly JobSpec[],
  states: readonly string[],
): Promise<void> {
  const ids = specs.map(spec => spec.id);
  for (const state of states) {
    const ended = await connection.zmscore(queue.toKey(state), ...ids);
    await Promise.all(ids.filter((_, index) => ended[index] !== null).map(id => queue.remove(id)));
  }
}

/** BullMQ leaves a job alone whose id exists, in whatever state it is. */
async function addChunk(queue: Queue, specs: readonly JobSpec[], terms: JobTerms): Promise<void> {
  await queue.addBulk(specs.map(spec => ({ name: spec.queue, data: spec.payload, opts: jobOptions(spec, terms) })));
}

function jobOptions(spec: JobSpec, { completedMs, failedMs }: JobTerms): JobsOptions {
  return {
    jobId: spec.id,
    attempts: spec.policy.attempts,
    backoff: { type: 'exponential', delay: spec.policy.backoffMs, jitter: 0.5 },
    // BullMQ takes jobs without a priority first.
    ...(spec.isBulk ? { priority: 1 } : {}),
    removeOnComplete: { age: completedMs / 1000, count: mostCompleted },
    removeOnFail: { age: failedMs / 1000 },
  };
}
