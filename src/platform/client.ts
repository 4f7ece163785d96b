import { z } from 'zod';
import { MlopsError, NotNow } from '../errors.ts';
import { type Counting, noCounting } from '../redis/counters/shared-counters.ts';
import type { Budget } from './budget.ts';
import { type Endpoint, type Family, type ServiceName, services } from './endpoints.ts';
import { platformMessage } from './platform-message.ts';
import { isWithinMaintenance, refusalBackoffMs, retryAfterMs } from './retry-after.ts';
import { isRedirect, isTransient, redirected } from './status.ts';
import { withTiming } from './timing.ts';
import { type Credentials, missingScope, openTokens, refusedCredentials } from './tokens.ts';
import { openTransport, type WireAnswer } from './transport.ts';

/** A client of the platform's API that respects its limits. */
export interface Cxone {
  /**
   * Calls an endpoint once (twice if the token had become invalid, unless `once` is set).
   * @throws NotNow if a limit requires a wait; MlopsError CREDENTIALS_REFUSED, SCOPE_MISSING, PLATFORM_REFUSED,
   *   PLATFORM_NOT_FOUND, PLATFORM_WRONG_SHAPE (final), PLATFORM_UNAVAILABLE, PLATFORM_UNREACHABLE (to be retried)
   */
  ask<Answer>(endpoint: Endpoint<Answer>, request: Request, signal: AbortSignal): Promise<Answered<Answer>>;
  close(): void;
}

export interface Request {
  readonly query?: Readonly<Record<string, string>>;
  /** The values of the `{name}` parts of the endpoint's path. */
  readonly path?: Readonly<Record<string, string>>;
  /** Besides those of the endpoint. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Called right before the request is sent, once it has a token and a slot: if it throws, nothing is sent. */
  readonly beforeSend?: () => Promise<void>;
  /**
   * For requests that must not be repeated automatically: a 401 is thrown, and the next call fetches a fresh token. The
   * request uses a new connection, since a kept one may be closed during the request, which then has no answer.
   */
  readonly once?: boolean;
  /** The answer does not record the service's identity for the tenant. */
  readonly isTrial?: boolean;
  /** Part of a batch: requests that are not take the next slot of the budget first. */
  readonly isBulk?: boolean;
  /** A customer's text in the body: error messages quote no part of it, even if the answer does. */
  readonly confidential?: string;
}

export interface Answered<Answer> {
  readonly answer: Answer;
  /** Our clock when the request was sent, in ms. */
  readonly sentAt: number;
  /** The platform's clock, its `Date`, in ms; `null` if the answer has none. */
  readonly answeredAt: number | null;
}

/** @param onAnswer called with the first valid answer of a service */
export function openCxone(
  credentialsOf: (service: ServiceName) => Credentials,
  budget: Budget,
  counting: Counting = noCounting,
  onAnswer: (service: ServiceName) => Promise<void> = async () => undefined,
): Cxone {
  const answered = new Set<ServiceName>();

  const transport = withTiming(openTransport(), counting);
  const tokens = openTokens(transport, credentialsOf);
  const refusals = new Map<Family, number>();
  /** Since when a family has been answered 503 with a wait, by `performance.now`. */
  const unavailableSince = new Map<Family, number>();

  async function send(endpoint: Endpoint<unknown>, request: Request, signal: AbortSignal) {
    const { query, body, headers, beforeSend, once = false, isBulk = false } = request;
    const url = credentialsOf(endpoint.service).baseUrl + filledPath(endpoint.path, request.path);
    const token = await tokens.token(endpoint.service);
    await budget.take(endpoint.family, signal, { isBulk });
    await beforeSend?.();
    const answer = await transport.send({
      name: endpoint.name,
      method: endpoint.method,
      url,
      signal,
      ownConnection: once,
      secrets: [token, credentialsOf(endpoint.service).clientSecret],
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...endpoint.headers,
        ...headers,
      },
      ...(endpoint.bounds === undefined ? {} : { bounds: endpoint.bounds }),
      ...(query === undefined ? {} : { query }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.status === 401) tokens.drop(endpoint.service, token);
    return { answer, token };
  }

  /** A 429 holds back the family in every process. */
  async function hold(family: Family, answer: WireAnswer): Promise<never> {
    const inARow = (refusals.get(family) ?? 0) + 1;
    refusals.set(family, inARow);
    const requested = retryAfterMs(answer.headers);
    const ms = requested ?? refusalBackoffMs(inARow);
    await budget.hold(family, ms);
    throw new NotNow(ms, 'queue', requested !== null);
  }

  /** A 503 that gives a wait is treated as a 429, for a limited time. */
  async function holdDuringMaintenance(family: Family, answer: WireAnswer): Promise<void> {
    const ms = answer.status === 503 ? retryAfterMs(answer.headers) : null;
    if (ms === null) {
      unavailableSince.delete(family);
      return;
    }
    const since = unavailableSince.get(family);
    if (since === undefined) unavailableSince.set(family, performance.now());
    if (!isWithinMaintenance(since, ms)) return;
    await budget.hold(family, ms);
    throw new NotNow(ms, 'queue', true);
  }

  return {
    async ask(endpoint, request, signal) {
      let sent = await send(endpoint, request, signal);
      if (sent.answer.status === 401 && request.once !== true) sent = await send(endpoint, request, signal);
      const { answer, token } = sent;
      if (answer.status === 429) return await hold(endpoint.family, answer);
      refusals.delete(endpoint.family);
      if (endpoint.ownUnavailability !== true) await holdDuringMaintenance(endpoint.family, answer);
      refuseBadStatus(endpoint, answer, [token, credentialsOf(endpoint.service).clientSecret], request.confidential);
      const date = Date.parse(answer.headers.date ?? '');
      const parsed = parseAnswer(endpoint, answer);
      if (request.isTrial !== true && !answered.has(endpoint.service)) {
        await onAnswer(endpoint.service);
        answered.add(endpoint.service);
      }
      return {
        answer: parsed,
        sentAt: answer.sentAt,
        answeredAt: Number.isNaN(date) ? null : date,
      };
    },
    close: () => transport.close(),
  };
}

function filledPath(path: string, parts: Readonly<Record<string, string>> = {}): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const part = parts[name];
    if (part === undefined) throw new MlopsError('INTERNAL', `the path ${path} requires a value for ${name}`);
    return encodeURIComponent(part);
  });
}

function refuseBadStatus(
  endpoint: Endpoint<unknown>,
  answer: WireAnswer,
  secrets: readonly string[],
  confidential: string | undefined,
): void {
  const { status, body } = answer;
  if (status >= 200 && status < 300) return;
  const service = services[endpoint.service];
  const said = platformMessage(body, secrets, confidential);
  const about = { where: endpoint.name, status };
  if (status === 401) throw refusedCredentials(service, said, status);
  if (status === 403) throw missingScope(service, said);
  if (status === 404)
    throw new MlopsError(
      'PLATFORM_NOT_FOUND',
      `${endpoint.name} was answered 404${said}. Check the host, and that the requested item still exists there`,
      about,
    );
  if (isRedirect(status)) throw redirected(endpoint.name, service, answer);
  if (isTransient(status))
    throw new MlopsError('PLATFORM_UNAVAILABLE', `${endpoint.name} was answered ${status}${said}`, about);
  throw new MlopsError(
    'PLATFORM_REFUSED',
    `${endpoint.name} was answered ${status}${said}. Fix what it names, then retry`,
    about,
  );
}

/** Problems of one answer that a message names. */
const mostProblems = 5;

function parseAnswer<Answer>(endpoint: Endpoint<Answer>, { body, isUtf8, notJson }: WireAnswer): Answer {
  if (!isUtf8 && endpoint.looksForInvalidBytes !== true)
    throw new MlopsError(
      'PLATFORM_WRONG_SHAPE',
      `${endpoint.name} answered with bytes that are not UTF-8. Report it to the platform`,
      { where: endpoint.name },
    );
  const parsed = endpoint.answer.safeParse(body);
  if (parsed.success) return parsed.data;
  if (notJson !== null)
    throw new MlopsError(
      'PLATFORM_WRONG_SHAPE',
      `${endpoint.name} returned an answer that is not JSON: ${notJson}. Check the host, and for a proxy or gateway that answers in its place`,
      { where: endpoint.name },
    );
  const { issues } = parsed.error;
  const named = issues
    .slice(0, mostProblems)
    .map(issue => `${z.core.toDotPath(issue.path) || '(whole)'}: ${issue.message}`.slice(0, 200));
  const more = issues.length - named.length;
  const wrong = [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
  throw new MlopsError(
    'PLATFORM_WRONG_SHAPE',
    `${endpoint.name} returned an unknown response format: ${wrong}. Check the host; if the platform has changed, this system must be updated`,
    {
      where: endpoint.name,
    },
  );
}
