import { counters, timers } from '../../redis/counters/metrics.ts';
import { joint, overflow, type Sums, total } from '../../redis/counters/shared-counters.ts';
import type { TryEnd } from '../../runtime/meter.ts';

/** The values of labels that are shown at 0 before anything happened: what begins at 1 no rate can see begin. */
export interface Expected {
  readonly queues: readonly string[];
  readonly families: readonly string[];
}

const ends: readonly TryEnd[] = ['done', 'failed', 'retried', 'waits', 'cancelled', 'lost'];

/**
 * The sums of all processes in Prometheus' text format. They are no metrics of prom-client because those count in their
 * own process, and a histogram of theirs cannot be told what others have counted.
 */
export function sumsText(sums: Sums, expected: Expected): string {
  const fields = [...new Set([...sums.keys(), ...expectedFields(expected)])].sort();
  const labelsOf = (name: string) =>
    fields.filter(field => field === name || field.startsWith(name + joint)).map(field => field.split(joint).slice(1));
  const blocks = [
    ...Object.entries(counters).map(([name, { help, labels }]) => [
      ...header(name, help, 'counter'),
      ...labelsOf(name).map(values => sample(name, labels, values, sums.get([name, ...values].join(joint)) ?? 0)),
    ]),
    ...Object.entries(timers).map(([name, { help, labels, bounds }]) => [
      ...header(name, help, 'histogram'),
      ...series(labelsOf(name)).flatMap(values => histogram(name, labels, values, bounds, sums)),
    ]),
  ];
  return blocks.map(lines => `${lines.join('\n')}\n`).join('\n');
}

function expectedFields({ queues, families }: Expected): string[] {
  return [
    ...queues.flatMap(queue => ends.map(end => ['cxone_job_tries_total', queue, end])),
    ...queues.map(queue => ['cxone_job_stalls_total', queue]),
    ...queues.map(queue => ['cxone_job_locks_lost_total', queue]),
    ...families.map(family => ['cxone_budget_slots_total', family]),
    ...families.map(family => ['cxone_platform_refusals_total', family]),
    ['cxone_worker_crashes_total'],
  ].map(parts => parts.join(joint));
}

/** The labels of a timer's fields without the bound, each once. */
function series(all: readonly (readonly string[])[]): string[][] {
  return [...new Set(all.map(values => values.slice(0, -1).join(joint)))].map(joined => joined.split(joint));
}

function histogram(
  name: string,
  labels: readonly string[],
  values: readonly string[],
  bounds: readonly number[],
  sums: Sums,
): string[] {
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

function header(name: string, help: string, type: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function sample(name: string, labels: readonly string[], values: readonly string[], value: number): string {
  const written = labels.map((label, index) => `${label}="${escaped(values[index] ?? '')}"`).join(',');
  return `${name}${written === '' ? '' : `{${written}}`} ${value}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
