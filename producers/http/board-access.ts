import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../../src/app/app.ts';
import type { Config } from '../../src/config/config.ts';
import { credentialsOf, isLogin } from './credentials.ts';
import { callerOf, challenge } from './guard.ts';
import { answerProblem } from './problem-answers.ts';
import { isChange } from './same-origin.ts';

/** A user of the board, and whether they may make changes. */
export interface Visitor {
  /** As recorded in the audit log. */
  readonly by: string;
  readonly mayChange: boolean;
}

type Incoming = Pick<FastifyRequest, 'headers'>;

/**
 * An API key or login may make changes on the board; BOARD_VIEWER_USER has read access only.
 * @throws Refused 401
 */
export function visitorOf(request: Incoming, config: Config): Visitor {
  const viewer = config.boardViewer;
  const credentials = credentialsOf(request.headers);
  if (viewer !== null && credentials !== null && isLogin(credentials, viewer))
    return { by: viewer.user, mayChange: false };
  return { by: callerOf(request, config).by, mayChange: true };
}

/** Rejects requests without read access. */
export function visitorGuard({ config, logger }: Pick<App, 'config' | 'logger'>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    try {
      visitorOf(request, config);
    } catch (error) {
      challenge(reply, config);
      await answerProblem(error, reply, logger);
    }
  };
}

/** Rejects changes by read-only users, in the error format of the board, which shows it. */
export function changeGuard({ config }: Pick<App, 'config'>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (!isChange(request) || visitorOf(request, config).mayChange) return;
    const message = 'BOARD_VIEWER_USER has read access only';
    await reply.status(403).send({ error: { key: 'ERRORS.FORBIDDEN', message } });
  };
}
