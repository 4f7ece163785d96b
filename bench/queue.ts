import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { z } from 'zod';
import { jobMeter } from '../src/operators/metrics/job-meter.ts';
import { openSharedCounters } from '../src/redis/counters/shared-counters.ts';
import { type Handler, handle } from '../src/runtime/handler.ts';
import { defineJob, noProgress } from '../src/runtime/job.ts';
import { done } from '../src/runtime/outcome.ts';
import { openQueues } from '../src/runtime/queues.ts';
import { startWorkers } from '../src/runtime/worker.ts';
import { median, withRedis } from './temporary-redis.ts';

const jobs = 20_000;
const concurrency = 50;
const rounds = Number(process.env.BENCH_ROUNDS ?? 8);

/** No-op jobs through our runtime, against bare BullMQ with the same options: added in bulk, then worked off. */
export async function queue(): Promise<void> {
  const ours: number[] = [];
  const bare: number[] = [];
  // Each goes first in half of the rounds: the machine's pace drifts.
  for (let round = 0; round < rounds; round++)
    for (const way of round % 2 === 0 ? [bullmq, runtime] : [runtime, bullmq])
      (way === bullmq ? bare : ours).push(await withTiming(way));
  const ratio = median(bare.map((ms, round) => ms / (ours[round] ?? ms)));
  const rate = (ms: number) => Math.round((jobs / ms) * 1000);
  const [us, them] = [median(ours), median(bare)];
  process.stdout.write(
    [
      `queue: ${jobs} no-op jobs, concurrency ${concurrency}, one worker process, medians of ${rounds} alternating rounds`,
      `  bare BullMQ   ${rate(them)} jobs/s`,
      `  our runtime   ${rate(us)} jobs/s`,
      `  ratio         ${ratio.toFixed(2)} (aim 0.9)`,
      '',
    ].join('\n'),
  );
}

type Measured = (connection: Redis, finish: () => void) => Promise<{ close(): Promise<void> }>;

/** From the first job added to the last one done. */
async function withTiming(run: Measured): Promise<number> {
  return await withRedis(async ({ redis }) => {
    const connection = new Redis({ path: redis.socket, maxRetriesPerRequest: null });
    const started = performance.now();
    let finish = () => {};
    const finished = new Promise<void>(resolve => {
      finish = resolve;
    });
    const running = await run(connection, finish);
    await finished;
    const took = performance.now() - started;
    await running.close();
    connection.disconnect();
    return took;
  });
}

async function bullmq(connection: Redis, finish: () => void) {
  const queue = new Queue('noop', { connection });
  let count = 0;
  const opts = {
    attempts: 3,
    backoff: { type: 'exponential', delay: 500, jitter: 0.5 },
    removeOnComplete: { age: 604_800, count: 10_000 },
    removeOnFail: { age: 2_592_000 },
  };
  for (let start = 0; start < jobs; start += 1_000)
    await queue.addBulk(
      Array.from({ length: 1_000 }, (_, index) => ({
        name: 'noop',
        data: { n: start + index },
        opts: { ...opts, jobId: `noop.${start + index}` },
      })),
    );
  const worker = new Worker(
    'noop',
    async () => {
      if (++count === jobs) setImmediate(finish);
      return { n: 1 };
    },
    { connection, concurrency, lockDuration: 10_000, stalledInterval: 5_000 },
  );
  return {
    async close() {
      await worker.close();
      await queue.close();
    },
  };
}

async function runtime(connection: Redis, finish: () => void) {
  const noop = defineJob({
    name: 'noop',
    system: 'bench',
    summary: 'Does nothing',
    calls: [],
    result: z.strictObject({ n: z.number() }),
    progress: noProgress,
    handler: async () => ({ handler }),
    payload: z.strictObject({ n: z.number() }),
    id: ({ n }) => `noop.${n}`,
    policy: { attempts: 3, backoffMs: 500, concurrency, timeoutMs: 10_000 },
  });
  let count = 0;
  const handler: Handler<null> = handle(noop, async () => {
    if (++count === jobs) setImmediate(finish);
    return done({ n: 1 });
  });
  const queues = openQueues(connection, 'bench');
  // As in a worker process: every job is counted and timed, for all processes.
  const counters = openSharedCounters(connection, 'bench');
  await queues.enqueue(
    Array.from({ length: jobs }, (_, n) => noop.spec({ n })),
    { restart: 'failed' },
  );
  const workers = await startWorkers({
    connection,
    queues,
    prefix: 'bench',
    tenant: 'bench',
    concurrency: {},
    resources: null,
    jobs: [noop],
    logger: pino({ level: 'silent' }),
    meter: jobMeter(counters),
  });
  return {
    async close() {
      await workers.stop(1_000);
      await counters.close();
      await queues.close();
    },
  };
}
