import { type Queues, waitingStates } from './queues.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * All UUIDs in the payloads of jobs that have not succeeded, in any field: what they refer to
 * may still be read, by a failed job once somebody retries it.
 */
export async function namedByJobs(queues: Queues, names: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const name of names)
    for await (const { payload } of queues.jobs(name, ['active', ...waitingStates, 'waiting-children', 'failed']))
      collect(payload, found);
  return found;
}

function collect(value: unknown, found: Set<string>): void {
  if (typeof value === 'string' && uuid.test(value)) found.add(value);
  if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) collect(each, found);
}
