import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../src/config.ts';

/** Who came to the board, and whether they may change something there. */
export interface Visitor {
  /** As it stands in the audit log: the login's user, or `key:` and the beginning of the key's hash. */
  readonly by: string;
  readonly mayChange: boolean;
}

type Access = Pick<Config, 'apiKeys' | 'board' | 'boardViewer'>;

/** Whose credentials these are; `null`: nobody's. While neither a login nor a key is set, anybody on this machine may come. */
export function visitorOf(authorization: string | undefined, { apiKeys, board, boardViewer }: Access): Visitor | null {
  if (board === null && apiKeys.length === 0) return { by: 'anonymous', mayChange: true };
  const [, scheme = '', credentials = ''] = /^(\S+) +(\S.*?) *$/.exec(authorization ?? '') ?? [];
  const given = scheme.toLowerCase() === 'basic' ? Buffer.from(credentials, 'base64').toString('utf8') : null;
  const key = scheme.toLowerCase() === 'bearer' ? credentials : null;
  // All are compared, each by its hash: how long it takes tells nothing.
  const isKey = apiKeys.filter(each => key !== null && isSame(key, each)).length > 0;
  const [isOperator, isViewer] = [board, boardViewer].map(
    login => login !== null && given !== null && isSame(given, `${login.user}:${login.password}`),
  );
  if (isKey && key !== null) return { by: `key:${sha256(key).toString('hex').slice(0, 8)}`, mayChange: true };
  if (isOperator) return { by: board?.user ?? '', mayChange: true };
  return isViewer ? { by: boardViewer?.user ?? '', mayChange: false } : null;
}

/** Lets in who may look. */
export function callerGuard(access: Access) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (visitorOf(request.headers.authorization, access) !== null) return undefined;
    return await reply
      .status(401)
      .header('www-authenticate', 'Basic realm="cxone-mlops", charset="UTF-8"')
      .send({ error: 'a login or a key is needed, and a right one' });
  };
}

/** Lets in who may do what the request does. */
export function changeGuard(access: Access) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (!isChange(request) || visitorOf(request.headers.authorization, access)?.mayChange !== false) return undefined;
    return await reply
      .status(403)
      .send({ error: { key: 'ERRORS.FORBIDDEN', message: 'BOARD_VIEWER_USER sees everything and changes nothing' } });
  };
}

export function isChange({ method }: FastifyRequest): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
}

/** Takes as long for a wrong text as for the right one. */
function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(sha256(given), sha256(wanted));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
