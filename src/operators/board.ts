import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { HTTPStatus } from '@bull-board/api/dist/types.js';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyPluginCallback, FastifyRequest } from 'fastify';
import type { QueueDefinition } from '../runtime/job.ts';
import { bullQueue, type Queues } from '../runtime/queues.ts';
import { keepWithinOrigin } from './board-origin.ts';
import { aboutJob } from './job-links.ts';
import { redact, redactLogs, withoutButtons } from './redact.ts';

export const boardPath = '/board';

/** The part of a queue's definition that the board needs. */
export type BoardJob = Pick<QueueDefinition<never>, 'name' | 'system' | 'payload' | 'result' | 'progress'>;

export interface BoardOptions {
  /** The queues; queues of one system are grouped under its name. */
  readonly jobs: readonly BoardJob[];
  /** Whether the sender of these headers has read access only, to hide the buttons. The server enforces it. */
  isReadOnly(headers: Readonly<Record<string, string | undefined>>): boolean;
  /** The path in front of `boardPath` as the browser sees it; empty without one. */
  prefixOf(request: FastifyRequest): string;
}

/** Bull Board over the named queues, as a Fastify plugin for `boardPath`. What it shows goes through `redact`. */
export function board(queues: Queues, { jobs, isReadOnly, prefixOf }: BoardOptions): FastifyPluginCallback {
  const serverAdapter = new FastifyAdapter().setBasePath(boardPath);
  createBullBoard({
    queues: jobs.map(
      ({ name, system }) =>
        new BullMQAdapter(bullQueue(queues, name), {
          // A tree would require the system in the queue's name, and thus in the address of all its pages.
          displayName: `${system} / ${name}`,
          externalJobUrl: job => aboutJob(name, job.id) ?? { href: '' },
        }),
    ),
    serverAdapter,
    options: {
      uiConfig: { boardTitle: 'cxone-mlops' },
      handlerHooks: {
        after: ({ route, request }, { status = 200, body }) => {
          const shown = route.endsWith('/logs') && status < 400 ? redactLogs(body) : redact(body, jobs);
          return { status, body: isReadOnly(request.headers) ? withoutButtons(shown) : shown };
        },
      },
    },
  });
  // Its own handler answers with the error's message, and a parser's error quotes the job that it could not read.
  serverAdapter.setErrorHandler(error => ({
    status: ('statusCode' in error ? error.statusCode : 500) as HTTPStatus,
    body: { error: { key: 'ERRORS.INTERNAL_SERVER_ERROR' } },
  }));
  const pages = serverAdapter.registerPlugin();
  return (scope, pluginOptions, done) => {
    keepWithinOrigin(scope, request => prefixOf(request) + boardPath);
    pages(scope, pluginOptions, done);
  };
}
