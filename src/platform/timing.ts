import type { Counting } from '../redis/counters/shared-counters.ts';
import type { Transport } from './transport.ts';

/** Records the duration of every request under its name and the class of its answer's status. */
export function withTiming(transport: Transport, counting: Counting): Transport {
  return {
    ...transport,
    async send(request) {
      const began = performance.now();
      let status = 'none';
      try {
        const answer = await transport.send(request);
        status = `${Math.floor(answer.status / 100)}xx`;
        return answer;
      } finally {
        counting.time('cxone_platform_request_seconds', performance.now() - began, request.name, status);
      }
    },
  };
}
