import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { App } from '../../src/app/app.ts';
import { classify } from '../../src/runtime/classify.ts';
import type { Change } from '../../src/store/audit/audit.ts';
import { visitorOf } from './board-access.ts';
import { isChange } from './same-origin.ts';

/**
 * Writes every change that somebody makes with the board's buttons into the audit log: that it is about to happen, and
 * what it was answered. One that cannot be written does not happen.
 */
export function auditChanges(scope: FastifyInstance, { audit, config, logger }: App): void {
  const changes = new WeakMap<FastifyRequest, Change>();

  scope.addHook('preHandler', async request => {
    if (!isChange(request)) return;
    const by = visitorOf(request, config).by;
    const change = { id: `board-${randomUUID()}`, what: `board.${deedOf(request)}`, by, details: objectOf(request) };
    await audit.intent(change);
    changes.set(request, change);
  });

  scope.addHook('onSend', async (request, reply) => {
    const change = changes.get(request);
    if (change === undefined) return;
    await audit
      .outcome({ ...change, details: { ...change.details, status: reply.statusCode } })
      .catch((error: unknown) => {
        const { code, message } = classify(error, undefined);
        logger.error({ code, change: change.id }, `what became of it is not in the audit log: ${message}`);
      });
  });
}

/** What is done, by the words of its route: `/board/api/queues/:queueName/:jobId/retry` → `retry`. */
function deedOf(request: FastifyRequest): string {
  const words = (request.routeOptions.url ?? '').split('/').filter(part => part !== '' && !part.startsWith(':'));
  const deed = words.slice(words.indexOf('api') + 1).filter(word => word !== 'queues');
  return deed.length === 0 ? request.method.toLowerCase() : deed.join('-');
}

const shown = z.string().max(200).optional();
const parts = z.object({ queueName: shown, jobId: shown, queueStatus: shown, schedulerId: shown });

/** What it is done to; the data that somebody typed is left out. */
function objectOf(request: FastifyRequest) {
  const { queueName, jobId, queueStatus, schedulerId } = parts.catch({}).parse(request.params ?? {});
  return {
    ...(queueName === undefined ? {} : { queue: queueName }),
    ...(jobId === undefined ? {} : { id: jobId }),
    ...(queueStatus === undefined ? {} : { state: queueStatus }),
    ...(schedulerId === undefined ? {} : { scheduler: schedulerId }),
  };
}
