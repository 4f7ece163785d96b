import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../../src/app/app.ts';
import { type Credentialed, callerOf } from './guard.ts';
import { isChange } from './same-origin.ts';

/** A user of the board, and whether they may make changes. */
export interface Visitor {
  /** As recorded in the audit log. */
  readonly by: string;
  readonly mayChange: boolean;
}

type Incoming = Pick<FastifyRequest, 'headers'>;

/**
 * Operators may make changes on the board; others have read access only.
 * @throws Refused 401
 */
export function visitorOf(request: Incoming, config: Credentialed): Visitor {
  const { by, role } = callerOf(request, config);
  return { by, mayChange: role === 'operator' };
}

/** Rejects changes by users with read access, in the error format of the board, which shows it. */
export function changeGuard({ config }: Pick<App, 'config'>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (!isChange(request) || visitorOf(request, config).mayChange) return;
    const message = 'This login has read access only';
    await reply.status(403).send({ error: { key: 'ERRORS.FORBIDDEN', message } });
  };
}
