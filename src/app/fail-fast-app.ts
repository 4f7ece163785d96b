import { queueNames } from '../../jobs/registry.ts';
import { openBudget } from '../platform/budget.ts';
import { openQueues } from '../runtime/queues.ts';
import type { App } from './app.ts';
import { openInferenceRecorder } from './inferences.ts';

/**
 * The app for callers that must fail fast: while Redis is unavailable its queues fail at once, whereas a worker's wait.
 * @throws MlopsError REDIS_UNAVAILABLE
 */
export async function openFailFastApp(app: App): Promise<{ readonly app: App; close(): Promise<void> }> {
  const client = await app.redis.prompt();
  const queues = openQueues(client, app.prefix, { failsFast: true, terms: app.config.retention });
  await queues.open(queueNames);
  const inferences = openInferenceRecorder({ ...app, queues, client });
  return {
    app: { ...app, queues, inferences, budget: openBudget(client, app.prefix, app.config.limits, app.counters) },
    async close() {
      await inferences.end();
      await queues.close();
      client.disconnect();
    },
  };
}
