import { onTestFinished } from 'vitest';
import { openBudget } from '../../src/platform/budget.ts';
import { openCxone } from '../../src/platform/client.ts';
import { defaultLimits, interactionQuery, listInteractions } from '../../src/platform/endpoints.ts';
import type { Credentials } from '../../src/platform/tokens.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import type { TestRedis } from '../redis-server.ts';
import { tenant } from '../sandbox/tenant.ts';

export const secret = 'hush-4f1c-9e';

/** A client of a sandbox, with a budget that never runs out. */
export async function platform(
  redis: TestRedis,
  options: SandboxOptions = {},
  change: Partial<Credentials> = {},
  prefix = redis.prefix(),
) {
  const sandbox = await tenant({ clientSecret: secret, ...options });
  const budget = openBudget(redis.connect(), prefix, {
    ...defaultLimits,
    INTERACTIONS: { count: 10_000, perMs: 1_000 },
  });
  const credentials = {
    baseUrl: sandbox.url,
    clientId: sandbox.clientId,
    clientSecret: sandbox.clientSecret,
    ...change,
  };
  const cxone = openCxone(() => credentials, budget);
  onTestFinished(() => cxone.close());
  const ask = (signal = new AbortController().signal) =>
    cxone.ask(listInteractions, { query: interactionQuery(1, null) }, signal);
  const tokenRequests = () => sandbox.requests.filter(request => request.method === 'POST').length;
  return { sandbox, cxone, budget, ask, tokenRequests, prefix };
}
