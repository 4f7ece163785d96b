import { queueNames } from '../../jobs/registry.ts';
import { openBudget } from '../platform/budget.ts';
import { openQueues } from '../runtime/queues.ts';
import type { House } from './app.ts';

/**
 * The house for who waits for an answer: while Redis is away its queues fail at once, where those of a worker wait.
 * @throws MlopsError REDIS_UNAVAILABLE
 */
export async function promptHouse(house: House): Promise<{ readonly house: House; close(): Promise<void> }> {
  const client = await house.redis.prompt();
  const queues = openQueues(client, house.prefix, { isPrompt: true, terms: house.config.retention });
  await Promise.all(queueNames.map(name => queues.queue(name).waitUntilReady()));
  return {
    house: { ...house, queues, budget: openBudget(client, house.prefix, house.config.limits, house.tally) },
    async close() {
      await queues.close();
      client.disconnect();
    },
  };
}
