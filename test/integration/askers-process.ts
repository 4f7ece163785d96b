/**
 * A process that extracts from texts, in an order of its own, through the shared cache. Its argument is `Task` as JSON. It
 * says "ready", waits until Redis has the key `go`, and prints how many answers it got from where.
 */
import { setMaxListeners } from 'node:events';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { entitiesOf } from '../../jobs/extract-entities/platform-answers.ts';
import { requestDefaults } from '../../src/domain/entity/request.ts';
import { openBudget } from '../../src/platform/budget.ts';
import { openCxone } from '../../src/platform/client.ts';
import { defaultLimits } from '../../src/platform/endpoints.ts';
import { waitOutLimits } from '../../src/platform/wait-out-limits.ts';
import { openAnswers } from '../../src/redis/answers/answers.ts';
import { openFileStore } from '../../src/store/artifacts/file-store.ts';
import { openSealing } from '../../src/store/sealing/sealing.ts';

const task = z.object({
  socket: z.string(),
  prefix: z.string(),
  store: z.string(),
  baseUrl: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
  texts: z.array(z.string()),
  perSecond: z.number(),
});
const { socket, prefix, store, texts, perSecond, ...credentials } = task.parse(JSON.parse(process.argv[2] ?? ''));

const client = new Redis({ path: socket, maxRetriesPerRequest: null });
const budget = openBudget(client, prefix, { ...defaultLimits, NLU: { count: perSecond, perMs: 1_000 } });
const cxone = openCxone(() => credentials, budget);
const minutes = 60_000;
// Fresh for as long as the test takes, however slow the machine is.
const answers = openAnswers(client, prefix, 64 * 1024 * 1024, {
  freshMs: 10 * minutes,
  staleMs: 20 * minutes,
  leaseMs: 4_000,
  lookEveryMs: 250,
  keptMs: minutes,
});
const sealing = await openSealing(openFileStore(store))();

process.stdout.write('ready\n');
while ((await client.exists(`${prefix}:go`)) === 0) await new Promise(resolve => setTimeout(resolve, 20));

const { signal } = new AbortController();
setMaxListeners(0, signal);
const sources: Record<string, number> = {};
let next = 0;
async function ask(): Promise<void> {
  for (let text = texts[next++]; text !== undefined; text = texts[next++]) {
    const request = { ...requestDefaults, types: ['date'], text };
    const asked = () => entitiesOf(request, { cxone, budget, answers }, sealing, { signal, isBulk: false });
    const { source } = await waitOutLimits(asked, signal);
    sources[source] = (sources[source] ?? 0) + 1;
  }
}
await Promise.all(Array.from({ length: 64 }, ask));
process.stdout.write(`${JSON.stringify(sources)}\n`);
answers.close();
cxone.close();
client.disconnect();
