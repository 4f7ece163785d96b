import { type JobsOptions, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { MlopsError } from '../errors.ts';
import type { JobSpec } from './job-spec.ts';
import { type ListedJob, listedJob, type StoredJob, storedJob } from './stored-job.ts';

/** Which ended jobs `enqueue` starts again: none, those that failed, those that completed, or all. */
export type Restart = 'never' | 'failed' | 'completed' | 'always';

/** The queues of one tenant on one Redis. */
export interface Queues {
  /**
   * Adds the jobs that are absent. One that ended is started again with all its attempts where `restart` says so; any
   * other job of that id is left alone. Calling it again is always safe.
   */
  enqueue(specs: readonly JobSpec[], options: { readonly restart: Restart }): Promise<void>;
  /** Removes the waiting jobs; a job that is running continues. */
  withdraw(jobs: readonly JobName[]): Promise<void>;
  /** Removes the job wherever it is, unless a worker has it. @returns whether it was there and is removed */
  remove(job: JobName): Promise<boolean>;
  /** Whether the job is still to end: it waits for its turn or its time, or a worker has it. */
  isUnderWay(job: JobName): Promise<boolean>;
  /** The job as it is now; `null` where Redis has none of that id. */
  find(job: JobName): Promise<StoredJob | null>;
  /**
   * The jobs of a queue that are in one of `states`, newest first within each; read in pages of `pageSize` of each state,
   * each page at one instant. One that moves between two pages may be missing or come twice.
   */
  jobs(queue: string, states: readonly ListedState[], pageSize?: number): AsyncGenerator<ListedJob>;
  /** Jobs of a queue by BullMQ's name of their state. */
  counts(queue: string): Promise<Readonly<Record<string, number>>>;
  /** Jobs that the next free worker takes; bulk jobs, and those that wait for a time, are not among them. */
  countWaiting(queue: string): Promise<number>;
  /** When the job that the next free worker takes was enqueued, in ms since 1970; `null` where none waits. */
  oldestWaiting(queue: string): Promise<number | null>;
  /** Whether workers take no jobs of the queue until an operator resumes it. */
  isPaused(queue: string): Promise<boolean>;
  /** Workers of all processes that take jobs of the queue. */
  countWorkers(queue: string): Promise<number>;
  /** Whether a limit holds all jobs of the queue now. */
  isLimited(queue: string): Promise<boolean>;
  /** Opens the named queues, so that the first call on each does not wait. @throws while Redis is away */
  open(names: readonly string[]): Promise<void>;
  /** No worker of any process takes a job of the queue for `ms` milliseconds; those waiting keep their spec. */
  pauseFor(name: string, ms: number): Promise<void>;
  close(): Promise<void>;
}

/** What a job is found by. */
export type JobName = Pick<JobSpec, 'queue' | 'id'>;

/** States whose jobs can be listed, by BullMQ's names: those that wait have one of three. */
export type ListedState = 'active' | 'failed' | 'waiting-children' | (typeof waitingStates)[number];

/** States of a job that no worker has. */
export const waitingStates = ['waiting', 'prioritized', 'delayed'] as const;

const bullQueues = new WeakMap<Queues, (name: string) => Queue>();

/** BullMQ's own queue, for Bull Board's adapter and for tests that look behind `Queues`. */
export function bullQueue(queues: Queues, name: string): Queue {
  const open = bullQueues.get(queues);
  if (open === undefined) throw new MlopsError('INTERNAL', 'these queues were not opened by openQueues');
  return open(name);
}

/** How long finished jobs stay to be looked at, in milliseconds. Of completed ones no more than 10,000 stay. */
export interface JobTerms {
  readonly completedMs: number;
  readonly failedMs: number;
}

/** BullMQ's name for the workers of a Redis without CLIENT LIST. */
const unlisted = 'GCP does not support client list';

const day = 86_400_000;
const usualTerms: JobTerms = { completedMs: 7 * day, failedMs: 30 * day };
const mostCompleted = 10_000;

/** Jobs are sent to Redis in chunks of this many, so that one call of a hundred thousand does not hold it. */
const chunk = 1_000;

const unended: readonly string[] = ['waiting', 'active', 'delayed', 'prioritized', 'waiting-children'];

/** So many jobs a second that it limits nothing. */
const noLimit = [1_000_000, 1_000] as const;

export interface QueuesOptions {
  /** Fails at once while Redis is unavailable, for a `connection` that does not queue commands. */
  readonly failsFast?: boolean;
  readonly terms?: JobTerms;
  /** How many workers of a queue gave a sign lately, where Redis does not list its clients; by default none. */
  workersHeardOf?(queue: string): Promise<number>;
}

export function openQueues(
  connection: Redis,
  prefix: string,
  { failsFast = false, terms = usualTerms, workersHeardOf = async () => 0 }: QueuesOptions = {},
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

  const queues: Queues = {
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
    async withdraw(jobs) {
      for (const { queue: name, id } of jobs) {
        const state = await queue(name).getJobState(id);
        // BullMQ does not remove one that a worker has just taken: its handler looks for the cancellation itself.
        if (waitingStates.some(each => each === state)) await queue(name).remove(id);
      }
    },
    async remove({ queue: name, id }) {
      return (await queue(name).remove(id)) === 1;
    },
    async isUnderWay(job) {
      return unended.includes(await queue(job.queue).getJobState(job.id));
    },
    async find({ queue: name, id }) {
      const state = await queue(name).getJobState(id);
      if (state === 'unknown') return null;
      // Read after the state: read before it, progress and reason may not be there yet.
      const job = await queue(name).getJob(id);
      return job === undefined ? null : storedJob(name, state, job);
    },
    async *jobs(name, states, pageSize = 500) {
      for (let start = 0; ; start += pageSize) {
        const jobs = await queue(name).getJobs([...states], start, start + pageSize - 1);
        // BullMQ lists a job that was removed meanwhile as undefined.
        for (const job of jobs) {
          const listed = job === undefined ? null : listedJob(name, job);
          if (listed !== null) yield listed;
        }
        if (jobs.length === 0) break;
      }
    },
    counts: async name => await queue(name).getJobCounts(),
    countWaiting: async name => await queue(name).getWaitingCount(),
    async oldestWaiting(name) {
      const [first] = await queue(name).getJobs(['waiting'], 0, 0, true);
      return first?.timestamp ?? null;
    },
    async countWorkers(name) {
      const workers = await queue(name)
        .getWorkers()
        .catch(() => null);
      // Managed Redis may not list its clients: BullMQ then names one that stands for any number, or fails.
      const isUnknown = workers === null || workers.some(each => each.name === unlisted);
      return isUnknown ? await workersHeardOf(name) : workers.length;
    },
    isPaused: async name => await queue(name).isPaused(),
    isLimited: async name => (await queue(name).getRateLimitTtl()) > 0,
    async open(names) {
      await Promise.all(names.map(name => queue(name).waitUntilReady()));
    },
    async close() {
      await Promise.all([...open.values()].map(each => each.close()));
    },
  };
  bullQueues.set(queues, queue);
  return queues;
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

/** BullMQ does not touch a job whose id exists, in any state. */
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
