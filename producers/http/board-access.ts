import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../../src/app/app.ts';
import type { Config } from '../../src/config/config.ts';
import { credentialsOf, isLogin } from './credentials.ts';
import { callerOf, challenge } from './guard.ts';
import { answerProblem } from './problem-answers.ts';

/** Who came to the board, and whether they may change something there. */
export interface Visitor {
  /** As it stands in the audit log. */
  readonly by: string;
  readonly mayChange: boolean;
}

type Asking = Pick<FastifyRequest, 'headers'>;

/**
 * A key or login of the API may do everything on the board; BOARD_VIEWER_USER may only look.
 * @throws Refused 401
 */
export function visitorOf(request: Asking, config: Config): Visitor {
  const viewer = config.boardViewer;
  const credentials = credentialsOf(request.headers);
  if (viewer !== null && credentials !== null && isLogin(credentials, viewer))
    return { by: viewer.user, mayChange: false };
  return { by: callerOf(request, config).by, mayChange: true };
}

/** Lets in who may look. */
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

/** Lets through what a visitor may do; the board shows the refusal as it does its own. */
export function changeGuard({ config }: Pick<App, 'config'>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (!isChange(request) || visitorOf(request, config).mayChange) return;
    const message = 'BOARD_VIEWER_USER sees everything and changes nothing';
    await reply.status(403).send({ error: { key: 'ERRORS.FORBIDDEN', message } });
  };
}

export function isChange({ method }: FastifyRequest): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
}
