import { z } from 'zod';
import { MlopsError, NotNow } from '../errors.ts';
import { type Service, type ServiceName, services, tokenAnswer } from './endpoints.ts';
import { platformMessage } from './platform-message.ts';
import { refusalBackoffMs, retryAfterMs } from './retry-after.ts';
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

const refreshEarlyMs = 60_000;

/** After a 429 to a token request: until when to send none, and how many 429s in a row. */
interface Refusal {
  readonly until: number;
  readonly inARow: number;
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
    const request = requestToken(transport, services[name], credentialsOf(name), (refused?.inARow ?? 0) + 1)
      .then(
        fresh => {
          refusals.delete(name);
          held.set(name, fresh);
          return fresh;
        },
        (error: unknown) => {
          if (error instanceof NotNow)
            refusals.set(name, { until: Date.now() + error.ms, inARow: (refused?.inARow ?? 0) + 1 });
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
  tries: number,
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
    signal: AbortSignal.timeout(60_000),
  });
  refuseBadAnswer(answer, service, credentials, tries);
  return heldToken(answer, service);
}

const oauthError = z.object({ error: z.string() });

function refuseBadAnswer(answer: WireAnswer, service: Service, credentials: Credentials, tries: number): void {
  const { status } = answer;
  if (status === 200) return;
  const oauth = oauthError.safeParse(answer.body);
  const said = platformMessage(answer.body, [credentials.clientSecret]);
  if (status === 403 || (oauth.success && oauth.data.error === 'invalid_scope')) throw missingScope(service, said);
  if (status === 400 || status === 401) throw refusedCredentials(service, said);
  if (status === 429) throw new NotNow(retryAfterMs(answer.headers) ?? refusalBackoffMs(tries), 'queue');
  if (status >= 500)
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
      `POST ${service.tokenPath} of "${service.name}": wrong or missing ${fields}. Check the host: this is not the platform's answer`,
    );
  }
  const { access_token, expires_in, scope } = parsed.data;
  const granted = scope?.split(' ');
  if (granted !== undefined && !service.scopes.every(each => granted.includes(each))) throw missingScope(service, '');
  return { token: access_token, refreshAt: answer.sentAt + expires_in * 1000 - refreshEarlyMs };
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
