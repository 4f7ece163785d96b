import { MlopsError, systemCode } from '../errors.ts';

interface ReplyMeaning {
  /** Matched against the whole reply: one that a script got may stand behind the script's own words. */
  readonly pattern: RegExp;
  /** BAD_CONFIG where waiting cannot help. */
  readonly code: 'REDIS_UNAVAILABLE' | 'BAD_CONFIG';
  readonly message: string;
  /** A new connection may lead to a server that can: after a failover the old one stays open. */
  readonly reconnects?: boolean;
}

const meanings: readonly ReplyMeaning[] = [
  {
    pattern: /\bREADONLY\b/,
    code: 'REDIS_UNAVAILABLE',
    message: 'this Redis is a read-only replica: let REDIS_URL lead to the primary',
    reconnects: true,
  },
  {
    pattern: /\bMASTERDOWN\b/,
    code: 'REDIS_UNAVAILABLE',
    message: 'this Redis is a replica that has lost its primary: let REDIS_URL lead to the primary',
    reconnects: true,
  },
  { pattern: /\bUNBLOCKED\b/, code: 'REDIS_UNAVAILABLE', message: 'Redis changed its role', reconnects: true },
  { pattern: /\bLOADING\b/, code: 'REDIS_UNAVAILABLE', message: 'Redis is still loading its data: wait for it' },
  {
    pattern: /\bOOM\b/,
    code: 'REDIS_UNAVAILABLE',
    message: 'the memory of Redis is full: raise its maxmemory, or remove finished jobs',
  },
  {
    pattern: /\bMISCONF\b/,
    code: 'REDIS_UNAVAILABLE',
    message: 'Redis cannot write its data to disk and so accepts no changes: check its disk and its log',
  },
  {
    pattern: /\bNOREPLICAS\b/,
    code: 'REDIS_UNAVAILABLE',
    message: 'Redis has too few replicas to accept changes (min-replicas-to-write)',
  },
  {
    pattern: /\bCLUSTERDOWN\b/,
    code: 'REDIS_UNAVAILABLE',
    message: 'the Redis cluster is down: CLUSTER INFO says why',
  },
  { pattern: /\b(BUSY|TRYAGAIN)\b/, code: 'REDIS_UNAVAILABLE', message: 'Redis is busy: wait for it' },
  {
    pattern: /max number of clients/i,
    code: 'REDIS_UNAVAILABLE',
    message: 'Redis has no connection left: raise its maxclients, or stop clients',
  },
  {
    pattern: /\b(CROSSSLOT|MOVED|ASK)\b/,
    code: 'BAD_CONFIG',
    message:
      'REDIS_URL leads to one node of a Redis cluster, which does not hold all our keys: use redis-cluster://HOST:PORT,…',
  },
  {
    pattern: /\b(NOAUTH|WRONGPASS|invalid password|without any password)/i,
    code: 'BAD_CONFIG',
    message: 'Redis refuses the login in REDIS_URL: check user and password (special characters percent-encoded)',
  },
  {
    pattern: /\bNOPERM\b/,
    code: 'BAD_CONFIG',
    message:
      'the user in REDIS_URL may not do what the queues need: allow it +@all -@dangerous and the keys that begin with our prefix, see docs/operation.md',
  },
  {
    pattern: /DB index|invalid database/i,
    code: 'BAD_CONFIG',
    message: 'Redis does not have the database that REDIS_URL names: use a number that it has, or none',
  },
  {
    pattern: /unknown command/i,
    code: 'BAD_CONFIG',
    message:
      'REDIS_URL leads to a server that does not know the commands of queues. If it is a Sentinel, use redis-sentinel://HOST:PORT,…/MASTER',
  },
];

/**
 * A reply of Redis that is an error, or an error of its client, as a coded error; `null` for any other error.
 * This is the one place that knows what Redis says.
 */
export function redisError(error: unknown): MlopsError | null {
  if (!(error instanceof Error)) return null;
  const meaning = meaningOf(error);
  if (meaning !== undefined) return new MlopsError(meaning.code, `Redis: ${meaning.message}`, { cause: error });
  return isOfClient(error) ? new MlopsError('REDIS_UNAVAILABLE', 'Redis does not respond', { cause: error }) : null;
}

/** As `redisError`, where an error of a socket can only be that of Redis. */
export function redisSocketError(error: unknown): MlopsError | null {
  const isOfSocket = ['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT'].includes(systemCode(error) ?? '');
  if (!isOfSocket) return redisError(error);
  return new MlopsError('REDIS_UNAVAILABLE', 'Redis does not respond', { cause: error });
}

/** Whether a new connection may get another answer than this error. */
export function isFixedByReconnecting(error: Error): boolean {
  return meaningOf(error)?.reconnects === true;
}

function meaningOf(error: Error): ReplyMeaning | undefined {
  const isReply = error.name === 'ReplyError' || /^(ERR )?[A-Z]{2,} /.test(error.message);
  return isReply ? meanings.find(({ pattern }) => pattern.test(error.message)) : undefined;
}

/** Whether `error` is one of the client's own, which means that Redis could not be reached. */
function isOfClient({ name, message }: Error): boolean {
  const said =
    /enableOfflineQueue|^Connection is closed|^Command timed out|^Connection lost|^Socket timeout|max retries per request/i;
  return said.test(message) || name === 'MaxRetriesPerRequestError';
}
