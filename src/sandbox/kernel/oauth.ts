import { z } from 'zod';
import type { Service } from '../../platform/endpoints.ts';
import { type Answer, answerJson } from './answer.ts';
import type { SandboxRequest } from './sandbox-request.ts';
import type { Tokens } from './tokens.ts';

/** The one client that the simulated tenant knows. */
export interface Client {
  readonly id: string;
  readonly secret: string;
  /** What it was granted; null for every scope there is. */
  readonly scopes: readonly string[] | null;
}

type Encoding = Service['tokenEncoding'];

const contentTypes: Readonly<Record<string, Encoding>> = {
  'application/x-www-form-urlencoded': 'form',
  'application/json': 'json',
};

const parameters = ['grant_type', 'client_id', 'client_secret', 'scope'] as const;
type Parameters = Partial<Record<(typeof parameters)[number], string>>;

const jsonBody = z.record(z.string(), z.unknown());

/**
 * The OAuth 2 client credentials grant (RFC 6749 §4.4) for the services that share this token path; refusals are those
 * of its §5.2. A known scope that the client was not granted is left out of the answer, an unknown one is refused.
 */
export function answerTokenRequest(
  request: SandboxRequest,
  services: readonly Service[],
  client: Client,
  tokens: Tokens,
): Answer {
  const encoding = contentTypes[request.contentType];
  const served = services.filter(service => service.tokenEncoding === encoding);
  if (encoding === undefined || served.length === 0)
    return refuseToken('invalid_request', `The body must be ${expectedTypes(services)}.`);

  const given = encoding === 'form' ? formParameters(request.body) : jsonParameters(request.body);
  if (typeof given === 'string') return refuseToken('invalid_request', given);
  if (given.grant_type === undefined) return refuseToken('invalid_request', 'grant_type is missing.');
  if (given.grant_type !== 'client_credentials')
    return refuseToken('unsupported_grant_type', 'grant_type must be client_credentials.');
  if (given.client_id !== client.id || given.client_secret !== client.secret)
    return refuseToken('invalid_client', 'The client id or the client secret is wrong.', 401);

  const known = served.flatMap(service => service.scopes);
  const wanted = given.scope === undefined ? known : given.scope.split(' ').filter(scope => scope !== '');
  const unknown = wanted.filter(scope => !known.includes(scope));
  if (unknown.length > 0) return refuseToken('invalid_scope', `Unknown scope: ${unknown.join(' ')}.`);

  const granted = [...new Set(wanted)].filter(scope => client.scopes === null || client.scopes.includes(scope));
  return answerJson(
    200,
    {
      access_token: tokens.issue(granted),
      token_type: 'Bearer',
      expires_in: tokens.lifetimeSeconds,
      scope: granted.join(' '),
    },
    { 'cache-control': 'no-store', pragma: 'no-cache' },
  );
}

/** The four parameters we know of a form; a sentence when one is repeated, which RFC 6749 §3.2 forbids. */
function formParameters(body: string): Parameters | string {
  const form = new URLSearchParams(body);
  const given: Parameters = {};
  for (const name of parameters) {
    const values = form.getAll(name);
    if (values.length > 1) return `${name} is given more than once.`;
    // RFC 6749 §3.2: a parameter without a value counts as left out.
    if (values[0] !== undefined && values[0] !== '') given[name] = values[0];
  }
  return given;
}

function jsonParameters(body: string): Parameters | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return 'The body is not JSON.';
  }
  const object = jsonBody.safeParse(parsed);
  if (!object.success) return 'The body must be a JSON object.';
  const given: Parameters = {};
  for (const name of parameters) {
    const value = object.data[name];
    if (value === undefined) continue;
    if (typeof value !== 'string') return `${name} must be a string.`;
    if (value !== '') given[name] = value;
  }
  return given;
}

function expectedTypes(services: readonly Service[]): string {
  const expected = Object.entries(contentTypes).filter(([, encoding]) =>
    services.some(service => service.tokenEncoding === encoding),
  );
  return expected.map(([type]) => type).join(' or ');
}

function refuseToken(error: string, description: string, status = 400): Answer {
  return answerJson(status, { error, error_description: description }, { 'cache-control': 'no-store' });
}
