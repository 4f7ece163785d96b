import type { App } from '../../src/app/app.ts';

/** Workers of this process for those of `queues` that nobody works on. */
export async function bringWorkers(app: App, queues: readonly string[]): Promise<void> {
  const counts = await Promise.all(queues.map(name => app.queues.queue(name).getWorkersCount()));
  const idle = queues.filter((_, index) => counts[index] === 0);
  if (idle.length > 0) await app.startWorkers(idle);
}
