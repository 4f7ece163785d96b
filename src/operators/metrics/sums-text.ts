import { AggregatorRegistry } from 'prom-client';
import { counters, timers } from '../../redis/counters/metrics.ts';
import { joint, overflow, type Sums, total } from '../../redis/counters/shared-counters.ts';
import type { TryEnd } from '../../runtime/meter.ts';

/** Label values exported as 0 from the start, because `rate` cannot see a counter's first step if it starts at 1. */
export interface Expected {
  readonly queues: readonly string[];
  readonly families: readonly string[];
}

const ends: readonly TryEnd[] = ['done', 'failed', 'retried', 'waits', 'cancelled', 'lost'];

/**
 * The sums of all processes in Prometheus' text format. Written with prom-client's cluster aggregation, because its
 * histograms can only count in their own process.
 */
export async function sumsText(sums: Sums, expected: Expected): Promise<string> {
  const fields = [...new Set([...sums.keys(), ...expectedFields(expected)])].sort();
  const labelsOf = (name: string) =>
    fields.filter(field => field === name || field.startsWith(name + joint)).map(field => field.split(joint).slice(1));
  const metrics = [
    ...Object.entries(counters).map(([name, { help, labels }]) => {
      const samples = labelsOf(name).map(values =>
        sample(name, labels, values, sums.get([name, ...values].join(joint)) ?? 0),
      );
      return { name, help, type: 'counter', aggregator: 'sum', values: samples };
    }),
    ...Object.entries(timers).map(([name, { help, labels, bounds }]) => {
      const samples = series(labelsOf(name)).flatMap(values => histogram(name, labels, values, bounds, sums));
      return { name, help, type: 'histogram', aggregator: 'sum', values: samples };
    }),
  ];
  return await AggregatorRegistry.aggregate([metrics]).metrics();
}

function expectedFields({ queues, families }: Expected): string[] {
  return [
    ...queues.flatMap(queue => ends.map(end => ['cxone_job_tries_total', queue, end])),
    ...queues.map(queue => ['cxone_job_stalls_total', queue]),
    ...queues.map(queue => ['cxone_job_locks_lost_total', queue]),
    ...families.map(family => ['cxone_budget_slots_total', family]),
    ...families.map(family => ['cxone_platform_refusals_total', family]),
    ...['recorded', 'known', 'ignored', 'refused'].map(outcome => ['cxone_hook_events_total', outcome]),
    ['cxone_worker_crashes_total'],
  ].map(parts => parts.join(joint));
}

/** The distinct labels of a timer's fields, without the bound. */
function series(all: readonly (readonly string[])[]): string[][] {
  return [...new Set(all.map(values => values.slice(0, -1).join(joint)))].map(joined => joined.split(joint));
}

function histogram(
  name: string,
  labels: readonly string[],
  values: readonly string[],
  bounds: readonly number[],
  sums: Sums,
) {
  const sum = (part: string) => sums.get([name, ...values, part].join(joint)) ?? 0;
  let count = 0;
  const buckets = [...bounds.map(String), overflow].map(bound => {
    count += sum(bound);
    return sample(`${name}_bucket`, [...labels, 'le'], [...values, bound], count);
  });
  return [
    ...buckets,
    sample(`${name}_sum`, labels, values, sum(total) / 1e6),
    sample(`${name}_count`, labels, values, count),
  ];
}

function sample(metricName: string, labels: readonly string[], values: readonly string[], value: number) {
  return { metricName, labels: Object.fromEntries(labels.map((label, index) => [label, values[index] ?? ''])), value };
}
