import { z } from 'zod';
import { MlopsError, NotNow } from '../errors.ts';
import { type Service, type ServiceName, services, tokenAnswer } from './endpoints.ts';
import { platformMessage } from './platform-message.ts';
import { isWithinMaintenance, refusalBackoffMs, retryAfterMs } from './retry-after.ts';
import { isRedirect, isTransient, redirected } from './status.ts';
import type { Transport, WireAnswer } from './transport.ts';

/** The access tokens of all services: fetched on first use, shared by all callers, refreshed before they expire. */
export interface Tokens {
  /** @throws MlopsError CREDENTIALS_REFUSED or SCOPE_MISSING (final), PLATFORM_UNAVAILABLE (to be retried) */
  token(service: ServiceName): Promise<string>;
  /** Forgets `token`, which the platform refused, unless a newer one is already here. */
  drop(service: ServiceName, token: string): void;
}

export interface Credentials {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A token is refreshed this long before it expires, but not before half of its life is over. */
const refreshEarlyMs = 60_000;
/** The life of a token whose answer does not say it. */
const unstatedLifeMs = 300_000;

/** After a 429, or a 503 with `Retry-After`, to a token request. */
interface Refusal {
  /** Until when to send none, in ms since 1970. */
  readonly until: number;
  readonly inARow: number;
  /** When the first in a row came, by `performance.now`. */
  readonly since: number;
}

interface Held {
  readonly token: string;
  readonly refreshAt: number;
}

export function openTokens(transport: Transport, credentialsOf: (service: ServiceName) => Credentials): Tokens {
  const held = new Map<ServiceName, Held>();
  const underway = new Map<ServiceName, Promise<Held>>();
  const refusals = new Map<ServiceName, Refusal>();

  /** Concurrent callers share one request; none of them can abort it for the others. */
  async function refresh(name: ServiceName): Promise<Held> {
    const running = underway.get(name);
    if (running !== undefined) return await running;
    const refused = refusals.get(name);
    if (refused !== undefined && Date.now() < refused.until) throw new NotNow(refused.until - Date.now(), 'queue');
    const request = requestToken(transport, services[name], credentialsOf(name), refused)
      .then(
        fresh => {
          refusals.delete(name);
          held.set(name, fresh);
          return fresh;
        },
        (error: unknown) => {
          if (error instanceof NotNow)
            refusals.set(name, {
              until: Date.now() + error.ms,
              inARow: (refused?.inARow ?? 0) + 1,
              since: refused?.since ?? performance.now(),
            });
          throw error;
        },
      )
      .finally(() => underway.delete(name));
    underway.set(name, request);
    return await request;
  }

  return {
    async token(name) {
      const current = held.get(name);
      if (current !== undefined && Date.now() < current.refreshAt) return current.token;
      return (await refresh(name)).token;
    },
    drop(name, token) {
      if (held.get(name)?.token === token) held.delete(name);
    },
  };
}

async function requestToken(
  transport: Transport,
  service: Service,
  credentials: Credentials,
  refused: Refusal | undefined,
): Promise<Held> {
  const fields = {
    grant_type: 'client_credentials',
    client_id: credentials.clientId,
    client_secret: credentials.clientSecret,
    scope: service.scopes.join(' '),
  };
  const isForm = service.tokenEncoding === 'form';
  const answer = await transport.send({
    name: `token of ${service.name}`,
    method: 'POST',
    url: credentials.baseUrl + service.tokenPath,
    headers: { 'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json' },
    body: isForm ? new URLSearchParams(fields).toString() : JSON.stringify(fields),
    // The transport has a deadline of its own, and no caller can abort it for the others.
    signal: new AbortController().signal,
  });
  refuseBadAnswer(answer, service, credentials, refused);
  return heldToken(answer, service);
}

const oauthError = z.object({ error: z.string() });

function refuseBadAnswer(
  answer: WireAnswer,
  service: Service,
  credentials: Credentials,
  refused: Refusal | undefined,
): void {
  const { status } = answer;
  if (status === 200) return;
  const oauth = oauthError.safeParse(answer.body);
  const said = platformMessage(answer.body, [credentials.clientSecret]);
  if (status === 403 || (oauth.success && oauth.data.error === 'invalid_scope')) throw missingScope(service, said);
  if (status === 400 || status === 401) throw refusedCredentials(service, said);
  const waitMs = retryAfterMs(answer.headers);
  if (status === 429) throw new NotNow(waitMs ?? refusalBackoffMs((refused?.inARow ?? 0) + 1), 'queue');
  if (status === 503 && waitMs !== null && isWithinMaintenance(refused?.since, waitMs))
    throw new NotNow(waitMs, 'queue');
  if (isRedirect(status)) throw redirected(`the token request of "${service.name}"`, service, answer);
  if (isTransient(status))
    throw new MlopsError('PLATFORM_UNAVAILABLE', `the token request of "${service.name}" was answered ${status}`);
  throw new MlopsError(
    'PLATFORM_REFUSED',
    `the token request of "${service.name}" was answered ${status}${said}: check the host, then retry`,
  );
}

function heldToken(answer: WireAnswer, service: Service): Held {
  const parsed = tokenAnswer.safeParse(answer.body);
  if (!parsed.success) {
    const fields = parsed.error.issues
      .map(issue => z.core.toDotPath(issue.path) || 'answer: not a JSON object')
      .join(', ');
    throw new MlopsError(
      'PLATFORM_WRONG_SHAPE',
      `POST ${service.tokenPath} of "${service.name}": ${answer.notJson === null ? `wrong or missing ${fields}` : `the answer is not JSON: ${answer.notJson}`}. Check the host: this is not the platform's answer`,
    );
  }
  const { access_token, expires_in, scope } = parsed.data;
  // Separated by spaces; some providers use commas. None: all that were requested.
  const granted = (scope ?? '').split(/[\s,]+/).filter(each => each !== '');
  if (granted.length > 0 && !service.scopes.every(each => granted.includes(each))) throw missingScope(service, '');
  const lifeMs = expires_in == null ? unstatedLifeMs : expires_in * 1000;
  return { token: access_token, refreshAt: answer.sentAt + lifeMs - Math.min(refreshEarlyMs, lifeMs / 2) };
}

/** @param status of the answer to a request with a token; left out if the token request itself was refused */
export function refusedCredentials(service: Service, said: string, status?: number): MlopsError {
  const variables = `${service.name.toUpperCase()}_CLIENT_ID and _CLIENT_SECRET (or CXONE_CLIENT_ID and CXONE_CLIENT_SECRET)`;
  return new MlopsError(
    'CREDENTIALS_REFUSED',
    `the service "${service.name}" refused our credentials (required scopes: ${service.scopes.join(' ')})${said}: check ${variables}`,
    { status },
  );
}

export function missingScope(service: Service, said: string): MlopsError {
  return new MlopsError(
    'SCOPE_MISSING',
    `the client of the service "${service.name}" lacks a scope; it needs: ${service.scopes.join(' ')}${said}. Grant them to the client, then retry`,
  );
}
