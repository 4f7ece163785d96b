import type { House } from '../../src/app/app.ts';

/** Workers of this process for those of `queues` that nobody works on. */
export async function bringWorkers(house: House, queues: readonly string[]): Promise<void> {
  const counts = await Promise.all(queues.map(name => house.queues.queue(name).getWorkersCount()));
  const idle = queues.filter((_, index) => counts[index] === 0);
  if (idle.length > 0) await house.startWorkers(idle);
}
