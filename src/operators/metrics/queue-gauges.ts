import type { Redis } from 'ioredis';
import { Gauge, Registry } from 'prom-client';
import type { Budget } from '../../platform/budget.ts';
import type { Family, Limit } from '../../platform/endpoints.ts';
import { workingProcesses } from '../../redis/counters/heartbeat.ts';
import type { Queues } from '../../runtime/queues.ts';

/** What the gauges about queues look at. */
export interface QueueSource {
  readonly queues: Queues;
  readonly queueNames: readonly string[];
  readonly budget: Budget;
  readonly limits: Readonly<Record<Family, Limit>>;
  readonly client: Redis;
  readonly prefix: string;
}

/**
 * What Redis knows at this moment, in Prometheus' text format; whichever process is asked says the same. The gauges are
 * Created for each scrape: what could not be read is left out, and no old value replaces it.
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
    help: 'How long the job at the head of a queue has been there; 0 when none waits',
    labelNames: ['queue'],
  });
  const workers = new Gauge({
    name: 'cxone_queue_workers',
    help: 'Workers that take jobs of a queue',
    registers,
    labelNames: ['queue'],
  });
  const processes = new Gauge({
    name: 'cxone_worker_processes',
    help: 'Processes with workers that gave a sign lately',
    registers,
  });
  const limit = new Gauge({
    name: 'cxone_budget_limit_per_second',
    registers,
    help: 'Requests a second that a family of endpoints may send, over all processes',
    labelNames: ['family'],
  });
  const held = new Gauge({
    name: 'cxone_budget_held_seconds',
    registers,
    help: 'For how long no request of a family leaves any process, because the platform said so',
    labelNames: ['family'],
  });
  for (const [family, { count, perMs }] of Object.entries(source.limits)) limit.set({ family }, count / (perMs / 1000));

  async function lookAtQueue(name: string): Promise<void> {
    const { queues } = source;
    const [counts, taken, since] = await Promise.all([
      queues.counts(name),
      queues.countWorkers(name),
      queues.oldestWaiting(name),
    ]);
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
