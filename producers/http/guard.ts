import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../../src/app/app.ts';
import { type HttpAccess, isOpen } from '../../src/config/http.ts';
import { hashedId, keyId, type NamedKey } from '../../src/config/keys.ts';
import { credentialsOf, isKey, isLogin } from './credentials.ts';
import { Refused } from './problem.ts';

/** The settings that say who may do what. */
export type Credentialed = Pick<HttpAccess, 'apiKeys' | 'operatorKeys' | 'board' | 'reviewer' | 'boardViewer'>;

/**
 * What a caller may do: an operator everything; a reviewer read everything and review; a requester make requests, and
 * see and cancel its own; a viewer see the board, without texts.
 */
export const roles = ['operator', 'reviewer', 'requester', 'viewer'] as const;
export type Role = (typeof roles)[number];

/** The sender of a request. */
export interface Caller {
  readonly role: Role;
  /** As recorded in jobs and in the audit log: `key:NAME`, `key:1a2b3c4d` from a key's hash, or the login's user. */
  readonly by: string;
  /** Owner of the requests, uploads and idempotency keys. It is not a secret and reveals none. */
  readonly owner: string;
  /** A requester's own and former owner: what its key owned while it had no name. */
  readonly owners: readonly string[];
}

/** What an artifact says of its owner. Those written before there were owners say only who requested them. */
export interface Owned {
  readonly owner?: string | undefined;
  readonly by?: string | undefined;
}

/** Without keys and logins, everybody on this machine is an operator. */
const anonymous: Caller = { role: 'operator', by: 'anonymous', owner: 'anonymous', owners: [] };

/**
 * The sender of the request, by its key or login; anonymous while none is set.
 * @throws Refused 401
 */
export function callerOf({ headers }: Pick<FastifyRequest, 'headers'>, config: Credentialed): Caller {
  if (isOpen(config)) return anonymous;
  const credentials = credentialsOf(headers);
  if (credentials !== null) {
    const { apiKeys, operatorKeys, board, reviewer, boardViewer } = config;
    const logins = [loginAs('operator', board), loginAs('reviewer', reviewer), loginAs('viewer', boardViewer)].flat();
    // All are compared, each by its hash, so that the time taken reveals nothing.
    const known = [
      ...operatorKeys.filter(each => isKey(credentials, each.key)).map(operatorWith),
      ...apiKeys.filter(each => isKey(credentials, each.key)).map(requesterWith),
      ...logins.filter(({ login }) => isLogin(credentials, login)).map(({ caller }) => caller),
    ];
    if (known[0] !== undefined) return known[0];
  }
  throw new Refused(401, 'unauthorized', 'Authentication required: Bearer API key or Basic login');
}

function operatorWith(key: NamedKey): Caller {
  const by = keyId(key).replace('key:', 'operator:');
  return { role: 'operator', by, owner: by, owners: [by] };
}

function requesterWith(each: NamedKey): Caller {
  const by = keyId(each);
  return { role: 'requester', by, owner: by, owners: [by, hashedId(each.key)] };
}

function loginAs(role: Role, login: HttpAccess['board']) {
  if (login === null) return [];
  const owner = `login:${login.user}`;
  return [{ login, caller: { role, by: login.user, owner, owners: [owner] } satisfies Caller }];
}

/** Whether the caller may see, use and cancel what is owned: a requester only what is its own. */
export function mayUse(caller: Caller, { owner, by }: Owned): boolean {
  if (caller.role !== 'requester') return true;
  const owned = owner ?? by;
  return owned !== undefined && caller.owners.includes(owned);
}

/** Lists the accepted authentication schemes. */
export function challenge(reply: FastifyReply, { config }: Pick<App, 'config'>): void {
  const { apiKeys, operatorKeys, board, reviewer } = config;
  const schemes = [
    ...(apiKeys.length + operatorKeys.length === 0 ? [] : ['Bearer realm="cxone-mlops"']),
    ...(board === null && reviewer === null ? [] : ['Basic realm="cxone-mlops", charset="UTF-8"']),
  ];
  void reply.header('www-authenticate', schemes);
}
