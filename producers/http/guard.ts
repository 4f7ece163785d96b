import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../../src/app/app.ts';
import type { Config } from '../../src/config/config.ts';
import { credentialsOf, isKey, isLogin, sha256 } from './credentials.ts';
import { Refused } from './problem.ts';
import { answerProblem } from './problem-answers.ts';

/** Who asks. */
export interface Caller {
  /** As it stands in jobs and in the audit log: `key:1a2b3c4d`, or the login's user. */
  readonly by: string;
  /** Whose idempotency keys these are. It is not a secret and reveals none. */
  readonly owner: string;
}

const anonymous: Caller = { by: 'anonymous', owner: 'anonymous' };

/**
 * Who sent the request: by a key of API_KEYS, or by the board's login. While neither is set, anybody on this machine.
 * @throws Refused 401
 */
export function callerOf(request: Pick<FastifyRequest, 'headers'>, { apiKeys, board: login }: Config): Caller {
  if (apiKeys.length === 0 && login === null) return anonymous;
  const credentials = credentialsOf(request.headers);
  if (credentials !== null) {
    // All keys are compared, each by its hash: how long it takes tells nothing.
    const known = apiKeys.filter(key => isKey(credentials, key));
    const hash = sha256(credentials.value).toString('hex');
    if (known.length > 0) return { by: `key:${hash.slice(0, 8)}`, owner: `key:${hash}` };
    if (login !== null && isLogin(credentials, login)) return { by: login.user, owner: `login:${login.user}` };
  }
  throw new Refused(401, 'unauthorized', 'This wants a key (Authorization: Bearer KEY) or a login, and a right one');
}

/** Rejects requests without a valid key or login, and says what is required. */
export function guard({ config, logger }: Pick<App, 'config' | 'logger'>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    try {
      callerOf(request, config);
    } catch (error) {
      challenge(reply, config);
      // Answered here: a scope may have an error handler of its own, which would answer as it likes.
      await answerProblem(error, reply, logger);
    }
  };
}

/** Says which credentials would be taken. */
export function challenge(reply: FastifyReply, { apiKeys, board: login }: Config): void {
  const schemes = [
    ...(apiKeys.length === 0 ? [] : ['Bearer realm="cxone-mlops"']),
    ...(login === null ? [] : ['Basic realm="cxone-mlops", charset="UTF-8"']),
  ];
  void reply.header('www-authenticate', schemes);
}
