import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { HTTPStatus } from '@bull-board/api/dist/types.js';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyPluginCallback } from 'fastify';
import type { Queues } from '../runtime/queues.ts';
import { redact, redactLogs } from './redact.ts';

export const boardPath = '/board';

/** Bull Board over the named queues, as a Fastify plugin for `boardPath`. What it shows goes through `redact`. */
export function board(queues: Queues, queueNames: readonly string[]): FastifyPluginCallback {
  const serverAdapter = new FastifyAdapter().setBasePath(boardPath);
  createBullBoard({
    queues: queueNames.map(name => new BullMQAdapter(queues.queue(name))),
    serverAdapter,
    options: {
      uiConfig: { boardTitle: 'cxone-mlops' },
      handlerHooks: {
        after: ({ route }, { status = 200, body }) => ({
          status,
          body: route.endsWith('/logs') && status < 400 ? redactLogs(body) : redact(body, queueNames),
        }),
      },
    },
  });
  // Its own handler answers with the error's message, and a parser's error quotes the job that it could not read.
  serverAdapter.setErrorHandler(error => ({
    status: ('statusCode' in error ? error.statusCode : 500) as HTTPStatus,
    body: { error: { key: 'ERRORS.INTERNAL_SERVER_ERROR' } },
  }));
  return serverAdapter.registerPlugin();
}
