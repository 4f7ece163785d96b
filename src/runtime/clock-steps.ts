import type { Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from '../logger.ts';
import { bullQueue, type Queues } from './queues.ts';

/** A smaller difference is a clock that is being adjusted. */
const leastStepMs = 2_000;
const lookEveryMs = 5_000;
const delayedAtOnce = 500;

export interface ClockWatch {
  readonly client: Redis;
  readonly queues: Queues;
  /** The queues whose waiting jobs are looked at. */
  readonly names: readonly string[];
  readonly logger: Logger;
}

/**
 * Notices when the machine's clock is set: its difference to a clock that only runs forward changes. A job that waits for
 * a time would wait longer by as much as the clock was set back, so its wait starts again.
 * @returns the function that stops this
 */
export function watchClock({ client, queues, names, logger }: ClockWatch): () => void {
  let offset = Date.now() - performance.now();
  const look = async (): Promise<void> => {
    const now = Date.now() - performance.now();
    const stepMs = now - offset;
    offset = now;
    if (Math.abs(stepMs) < leastStepMs) return;
    const direction = stepMs < 0 ? 'back' : 'ahead';
    const seconds = Math.round(Math.abs(stepMs) / 1000);
    const restarted = stepMs < 0 ? await restartWaits(client, queues, names) : 0;
    logger.warn({ seconds, restarted }, `the clock of this machine was set ${direction} by ${seconds} s. Check NTP`);
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) => {
      logger.warn(
        { reason: String(error).slice(0, 200) },
        'the clock was set, and waiting jobs could not be looked at',
      );
    });
  }, lookEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Lets no job wait longer than it was told to wait. Calling it again, or in another process, changes nothing more.
 * @returns the number of jobs whose wait was started again
 */
export async function restartWaits(client: Redis, queues: Queues, names: readonly string[]): Promise<number> {
  let restarted = 0;
  for (const name of names) restarted += await restartWaitsOf(client, queues, name);
  return restarted;
}

async function restartWaitsOf(client: Redis, queues: Queues, name: string): Promise<number> {
  const queue = bullQueue(queues, name);
  let restarted = 0;
  for (let first = 0; ; first += delayedAtOnce) {
    const jobs = await queue.getDelayed(first, first + delayedAtOnce - 1);
    if (jobs.length === 0) return restarted;
    const scores = await client.zmscore(queue.toKey('delayed'), ...jobs.map(({ id = '' }) => id));
    for (const [index, job] of jobs.entries())
      if (await restartWait(job, Number(scores[index] ?? 0) / scoreScale)) restarted++;
  }
}

/** BullMQ's scores hold a time in ms, and behind it a counter of 12 bits. */
const scoreScale = 0x1000;

async function restartWait(job: Job, dueAt: number): Promise<boolean> {
  const delayMs = Math.max(job.delay, 0);
  if (dueAt - Date.now() < delayMs + leastStepMs) return false;
  // A job that has begun meanwhile is no longer delayed.
  return await job.changeDelay(delayMs).then(
    () => true,
    () => false,
  );
}
