import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { App } from '../../src/app/app.ts';
import { classify } from '../../src/runtime/classify.ts';
import type { Change } from '../../src/store/audit/audit.ts';
import { visitorOf } from './board-access.ts';
import { isChange } from './same-origin.ts';

/**
 * Records every change made with the board's buttons in the audit log: before it happens, and its outcome. A change
 * that cannot be recorded is not made.
 */
export function auditChanges(scope: FastifyInstance, { audit, config, logger }: App): void {
  const changes = new WeakMap<FastifyRequest, Change>();

  scope.addHook('preHandler', async request => {
    if (!isChange(request)) return;
    const by = visitorOf(request, config).by;
    const change = { id: `board-${randomUUID()}`, what: `board.${actionOf(request)}`, by, details: objectOf(request) };
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
        logger.error({ code, change: change.id }, `its outcome could not be recorded in the audit log: ${message}`);
      });
  });
}

/** The action, from the words of its route: `/board/api/queues/:queueName/:jobId/retry` → `retry`. */
function actionOf(request: FastifyRequest): string {
  const words = (request.routeOptions.url ?? '').split('/').filter(part => part !== '' && !part.startsWith(':'));
  const action = words.slice(words.indexOf('api') + 1).filter(word => word !== 'queues');
  return action.length === 0 ? request.method.toLowerCase() : action.join('-');
}

const shown = z.string().max(200).optional();
const parts = z.object({ queueName: shown, jobId: shown, queueStatus: shown, schedulerId: shown });

/** The object of the change, without data that a user typed. */
function objectOf(request: FastifyRequest) {
  const { queueName, jobId, queueStatus, schedulerId } = parts.catch({}).parse(request.params ?? {});
  return {
    ...(queueName === undefined ? {} : { queue: queueName }),
    ...(jobId === undefined ? {} : { id: jobId }),
    ...(queueStatus === undefined ? {} : { state: queueStatus }),
    ...(schedulerId === undefined ? {} : { scheduler: schedulerId }),
  };
}
