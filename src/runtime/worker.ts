import { type Job as BullJob, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { MlopsError } from '../errors.ts';
import { crashLimit, execute } from './execute.ts';
import type { QueueDefinition } from './job.ts';
import { endOf, type Meter, noMeter, waitOf } from './meter.ts';
import type { Queues } from './queues.ts';
import { settledWithin } from './settled-within.ts';
import { shownId } from './shown-name.ts';
import { Stop } from './stop.ts';

export interface WorkerOptions<Resources> {
  readonly jobs: readonly QueueDefinition<Resources>[];
  readonly resources: Resources;
  readonly connection: Redis;
  readonly prefix: string;
  readonly queues: Queues;
  readonly tenant: string;
  /** Overrides of the policies' concurrency, by queue name. */
  readonly concurrency: Readonly<Record<string, number>>;
  readonly logger: Logger;
  /** By default nothing is measured. */
  readonly meter?: Meter;
  readonly times?: WorkerTimes;
}

/** In milliseconds: how soon the jobs of a killed worker move to another. */
export interface WorkerTimes {
  /** A worker that does not renew the lock of a job for this long has lost the job. */
  readonly lockMs: number;
  /** How often jobs without a lock are looked for. */
  readonly stalledEveryMs: number;
  /** A worker that takes none of the waiting jobs for this long is restarted. */
  readonly stuckMs?: number;
}

/** The workers of one process. */
export interface RunningWorkers {
  /**
   * Takes no new jobs, gives the active ones `graceMs`, then aborts them and hands them back. Resolves when all are
   * out of our hands, or cannot be handed back because Redis is gone: those are taken over once this process has ended.
   */
  stop(graceMs: number): Promise<void>;
}

const usualTimes: WorkerTimes = { lockMs: 10_000, stalledEveryMs: 5_000 };
const usualStuckMs = 60_000;
/** What an aborted handler gets to return. */
const abortMs = 5_000;

export async function startWorkers<Resources>(options: WorkerOptions<Resources>): Promise<RunningWorkers> {
  const workers = await Promise.all(options.jobs.map(job => startWorker(job, options)));
  return {
    async stop(graceMs) {
      await Promise.all(workers.map(worker => worker.stop(graceMs)));
    },
  };
}

async function startWorker<Resources>(
  definition: QueueDefinition<Resources>,
  options: WorkerOptions<Resources>,
): Promise<RunningWorkers> {
  const { connection, prefix, queues, tenant, resources, meter = noMeter, times = usualTimes } = options;
  const { name, policy } = definition;
  const { handler } = await definition.handler();
  const logger = options.logger.child({ queue: name });
  const active = new Map<Stop, string>();
  let leaving = false;
  let lastSign = performance.now();

  async function run(job: BullJob, token = '') {
    const stop = new Stop();
    active.set(stop, job.id ?? '');
    const began = performance.now();
    lastSign = began;
    try {
      const result = await execute(job, token, {
        handler,
        resources,
        policy,
        queues,
        tenant,
        meter,
        logger: options.logger,
        stop,
        isLeaving: () => leaving,
      });
      meter.tried(name, 'done', performance.now() - began, waitOf(job));
      return result;
    } catch (thrown) {
      meter.tried(name, endOf(thrown), performance.now() - began, waitOf(job));
      throw thrown;
    } finally {
      active.delete(stop);
      lastSign = performance.now();
    }
  }

  function open(): Worker {
    const worker = new Worker(name, run, {
      connection,
      prefix,
      concurrency: options.concurrency[name] ?? policy.concurrency,
      maxStalledCount: crashLimit + 1,
      lockDuration: times.lockMs,
      stalledInterval: times.stalledEveryMs,
    });
    worker.on('error', error => logger.warn({ reason: error.message.slice(0, 200) }, 'queue trouble'));
    worker.on('stalled', jobId => {
      meter.stalled(name);
      logger.warn({ job: shownId(jobId) }, 'its worker is gone: the job goes to another');
    });
    worker.on('lockRenewalFailed', jobIds => {
      for (const [stop, jobId] of active) {
        if (!jobIds.includes(jobId)) continue;
        meter.lockLost(name);
        stop.abort(new MlopsError('ABORTED', 'the lock of this job was lost: another worker has it'));
      }
    });
    return worker;
  }

  let worker = open();
  await worker.waitUntilReady();
  const stuckMs = times.stuckMs ?? usualStuckMs;
  const watch = setInterval(() => void restartIfStuck().catch(() => undefined), stuckMs / 6).unref();

  /** A connection that reads nothing any more looks idle to BullMQ: what waits in Redis shows that it is not. */
  async function restartIfStuck(): Promise<void> {
    const isHeld = active.size > 0 || (await queues.isPaused(name)) || (await queues.isLimited(name));
    if (isHeld || (await countTakeable(queues, name)) === 0) lastSign = performance.now();
    if (leaving || active.size > 0 || performance.now() - lastSign < stuckMs) return;
    lastSign = performance.now();
    meter.restarted(name);
    logger.warn('waiting jobs were not taken: restarting the worker');
    const former = worker;
    worker = open();
    await former.close(true);
  }

  return {
    async stop(graceMs) {
      leaving = true;
      clearInterval(watch);
      const closed = worker.close();
      if (await settledWithin(graceMs, closed)) return;
      for (const stop of active.keys()) stop.abort(new MlopsError('ABORTED', 'the worker was stopped'));
      if (await settledWithin(abortMs, closed)) return;
      // BullMQ has no way to leave a job that does not end: when this process does, the others take it over.
      logger.warn('a job cannot be handed back now: it is taken over when this process has ended');
    },
  };
}

async function countTakeable(queues: Queues, name: string): Promise<number> {
  const { waiting = 0, prioritized = 0 } = await queues.counts(name);
  return waiting + prioritized;
}
