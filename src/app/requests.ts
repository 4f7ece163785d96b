import type { Redis } from 'ioredis';
import type { FlowResources } from '../../jobs/flows/flow.ts';
import { settleRequests } from '../../jobs/flows/settle-requests.ts';
import type { Logger } from '../logger.ts';
import { classify } from '../runtime/classify.ts';

/** How often all processes of a tenant together look at the open requests. */
const everyMs = 10_000;

/** What `keepRequests` needs of the app. */
interface KeptRequests extends FlowResources {
  readonly redis: { readonly client: Redis };
  readonly prefix: string;
  readonly logger: Logger;
}

/**
 * Lists requests that have ended as such, and starts requests again whose jobs Redis has lost: of all processes of the
 * tenant, one at a time looks.
 * @returns stops it
 */
export function keepRequests(app: KeptRequests): () => void {
  const { redis, prefix, logger } = app;
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    if (redis.client.status === 'ready') {
      const isOurTurn = await redis.client.set(`${prefix}:settle`, 'taken', 'PX', everyMs - 500, 'NX');
      if (isOurTurn !== null) await settleRequests(app, stopping.signal);
    }
  }

  function again(): void {
    if (stopping.signal.aborted) return;
    timer = setTimeout(() => {
      look()
        .catch((error: unknown) => {
          if (stopping.signal.aborted) return;
          const { code, message } = classify(error, undefined);
          logger.warn({ code }, `the list of requests was not updated: ${message}`);
        })
        .finally(again);
    }, everyMs).unref();
  }

  again();
  return () => {
    stopping.abort();
    clearTimeout(timer);
  };
}
