import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import type { MlopsError } from '../../src/errors.ts';
import { type Context, type Handler, handle } from '../../src/runtime/handler.ts';
import { defineJob } from '../../src/runtime/job.ts';
import type { Policy } from '../../src/runtime/job-spec.ts';
import type { Meter } from '../../src/runtime/meter.ts';
import type { Outcome } from '../../src/runtime/outcome.ts';
import { bullQueue, openQueues, type Queues } from '../../src/runtime/queues.ts';
import { type RunningWorkers, startWorkers, type WorkerTimes } from '../../src/runtime/worker.ts';
import { eventually } from '../eventually.ts';
import type { TestRedis } from '../redis-server.ts';

const payload = z.strictObject({ name: z.string(), tenant: z.string().optional(), count: z.number().int().optional() });
export type Task = z.infer<typeof payload>;
export type Work = (task: Task, context: Context<null>) => Promise<Outcome<object>>;
export type Failed = (task: Task, error: MlopsError, context: Context<null>) => Promise<void>;

async function never(): Promise<{ readonly handler: Handler<null> }> {
  throw new Error('each worker of a test has a handler of its own');
}

/** A queue, its workers and its handler, all of one test. */
export function workshop(redis: TestRedis, change: Partial<Policy> = {}, times?: WorkerTimes) {
  const job = defineJob({
    name: 'tasks',
    system: 'tests',
    summary: 'Does what the test says',
    calls: [],
    payload,
    result: z.looseObject({}),
    progress: z.looseObject({}),
    handler: never,
    id: task => `task.${task.name}`,
    isBulk: task => task.name.startsWith('bulk'),
    policy: { attempts: 3, backoffMs: 5, concurrency: 1, timeoutMs: 30_000, ...change },
  });
  const prefix = redis.prefix();
  const connection = redis.connect();
  const queues = openQueues(connection, prefix);
  const running: RunningWorkers[] = [];
  onTestFinished(async () => {
    await Promise.all(running.map(workers => workers.stop(0)));
    await queues.close();
  });

  const find = async (name: string) => {
    const found = await bullQueue(queues, 'tasks').getJob(`task.${name}`);
    if (found === undefined) throw new Error(`there is no job ${name}`);
    return found;
  };
  return {
    job,
    prefix,
    connection,
    queues,
    find,
    spec: (name: string, more: Partial<Task> = {}) => job.spec({ name, ...more }),
    stateOf: async (name: string) => await (await find(name)).getState(),
    /** Waits until the job is in `state`, and gives it. */
    async reach(name: string, state: string) {
      await eventually(
        async () => (await (await bullQueue(queues, 'tasks').getJob(`task.${name}`))?.getState()) === state,
      );
      return await find(name);
    },
    /** Starts a worker of its own. */
    async work(
      run: Work,
      failed: Failed = async () => undefined,
      through: Queues = queues,
      meter?: Meter,
    ): Promise<RunningWorkers> {
      const workers = await startWorkers<null>({
        jobs: [{ ...job, handler: async () => ({ handler: handle(job, run, failed) }) }],
        resources: null,
        connection,
        prefix,
        queues: through,
        tenant: 'ours',
        concurrency: {},
        logger: pino({ level: 'silent' }),
        ...(meter === undefined ? {} : { meter }),
        ...(times === undefined ? {} : { times }),
      });
      running.push(workers);
      return workers;
    },
  };
}
