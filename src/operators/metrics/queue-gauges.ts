import type { Redis } from 'ioredis';
import { Gauge, Registry } from 'prom-client';
import type { Budget } from '../../platform/budget.ts';
import type { Family, Limit } from '../../platform/endpoints.ts';
import { workingProcesses } from '../../redis/counters/heartbeat.ts';
import type { Queues } from '../../runtime/queues.ts';

/** The sources of the queue gauges. */
export interface QueueSource {
  readonly queues: Queues;
  readonly queueNames: readonly string[];
  readonly budget: Budget;
  readonly limits: Readonly<Record<Family, Limit>>;
  readonly client: Redis;
  readonly prefix: string;
}

/**
 * The current state in Redis, in Prometheus' text format; every process returns the same. The gauges are created for each
 * scrape, so that values that could not be read are left out instead of repeated.
 */
export async function queueGauges(source: QueueSource): Promise<string> {
  const register = new Registry();
  const registers = [register];
  const jobs = new Gauge({
    name: 'cxone_queue_jobs',
    help: 'Jobs in a queue by state',
    registers,
    labelNames: ['queue', 'state'],
  });
  const oldest = new Gauge({
    name: 'cxone_queue_oldest_waiting_seconds',
    registers,
    help: 'How long the job at the head of a queue has been waiting; 0 if none waits',
    labelNames: ['queue'],
  });
  const workers = new Gauge({
    name: 'cxone_queue_workers',
    help: 'Workers that take jobs of a queue',
    registers,
    labelNames: ['queue'],
  });
  const paused = new Gauge({
    name: 'cxone_queue_paused',
    help: '1 while a queue is paused',
    registers,
    labelNames: ['queue'],
  });
  const processes = new Gauge({
    name: 'cxone_worker_processes',
    help: 'Processes with workers and a recent heartbeat',
    registers,
  });
  const limit = new Gauge({
    name: 'cxone_budget_limit_per_second',
    registers,
    help: 'Requests per second allowed for a family of endpoints, over all processes',
    labelNames: ['family'],
  });
  const held = new Gauge({
    name: 'cxone_budget_held_seconds',
    registers,
    help: 'How long the platform’s 429 still holds back all requests of a family',
    labelNames: ['family'],
  });
  for (const [family, { count, perMs }] of Object.entries(source.limits)) limit.set({ family }, count / (perMs / 1000));

  async function lookAtQueue(name: string): Promise<void> {
    const { queues } = source;
    const [counts, taken, since, isPaused] = await Promise.all([
      queues.counts(name),
      queues.countWorkers(name),
      queues.oldestWaiting(name),
      queues.isPaused(name),
    ]);
    paused.set({ queue: name }, isPaused ? 1 : 0);
    for (const [state, count] of Object.entries(counts)) jobs.set({ queue: name, state }, count);
    workers.set({ queue: name }, taken);
    oldest.set({ queue: name }, since === null ? 0 : Math.max(0, (Date.now() - since) / 1000));
  }

  async function lookAtBudget(family: Family): Promise<void> {
    held.set({ family }, (await source.budget.heldMs(family)) / 1000);
  }

  await Promise.all([
    ...source.queueNames.map(lookAtQueue),
    ...families(source.limits).map(lookAtBudget),
    workingProcesses(source.client, source.prefix).then(count => processes.set(count)),
  ]);
  return await register.metrics();
}

function families(limits: Readonly<Record<Family, Limit>>): Family[] {
  return Object.keys(limits).filter((name): name is Family => name in limits);
}
