import { bullQueue, type Queues } from './queues.ts';

/** Whether jobs of the queues wait, or a worker has them. */
export async function hasWork(queues: Queues, names: readonly string[]): Promise<boolean> {
  const counts = await Promise.all(
    names.map(name => bullQueue(queues, name).getJobCountByTypes('waiting', 'active', 'prioritized')),
  );
  return counts.some(count => count > 0);
}

/** Removes the queues with all that is left in them: finished, failed and delayed jobs, limits and pauses. */
export async function removeQueues(queues: Queues, names: readonly string[]): Promise<void> {
  for (const name of names) await bullQueue(queues, name).obliterate();
}
