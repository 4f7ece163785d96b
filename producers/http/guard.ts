import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../../src/app/app.ts';
import type { Config } from '../../src/config/config.ts';
import { credentialsOf, isKey, isLogin, sha256 } from './credentials.ts';
import { Refused } from './problem.ts';
import { answerProblem } from './problem-answers.ts';

/** The sender of a request. */
export interface Caller {
  /** As recorded in jobs and in the audit log: `key:1a2b3c4d`, or the login's user. */
  readonly by: string;
  /** Owner of the idempotency keys. It is not a secret and reveals none. */
  readonly owner: string;
}

const anonymous: Caller = { by: 'anonymous', owner: 'anonymous' };

/**
 * The sender of the request, by a key of API_KEYS or the board's login; anonymous while neither is set.
 * @throws Refused 401
 */
export function callerOf(request: Pick<FastifyRequest, 'headers'>, { apiKeys, board: login }: Config): Caller {
  if (apiKeys.length === 0 && login === null) return anonymous;
  const credentials = credentialsOf(request.headers);
  if (credentials !== null) {
    // All keys are compared, each by its hash, so that the time taken reveals nothing.
    const known = apiKeys.filter(key => isKey(credentials, key));
    const hash = sha256(credentials.value).toString('hex');
    if (known.length > 0) return { by: `key:${hash.slice(0, 8)}`, owner: `key:${hash}` };
    if (login !== null && isLogin(credentials, login)) return { by: login.user, owner: `login:${login.user}` };
  }
  throw new Refused(401, 'unauthorized', 'Authentication required: Bearer API key or Basic login');
}

/** Rejects requests without a valid key or login, with a challenge. */
export function guard({ config, logger }: Pick<App, 'config' | 'logger'>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    try {
      callerOf(request, config);
    } catch (error) {
      challenge(reply, config);
      // Answered here, because a scope may have an error handler with another format.
      await answerProblem(error, reply, logger);
    }
  };
}

/** Lists the accepted authentication schemes. */
export function challenge(reply: FastifyReply, { apiKeys, board: login }: Config): void {
  const schemes = [
    ...(apiKeys.length === 0 ? [] : ['Bearer realm="cxone-mlops"']),
    ...(login === null ? [] : ['Basic realm="cxone-mlops", charset="UTF-8"']),
  ];
  void reply.header('www-authenticate', schemes);
}
