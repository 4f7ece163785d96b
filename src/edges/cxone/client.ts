import { z } from 'zod';
import { MlopsError, NotNow } from '../../errors.ts';
import type { Budget } from './budget.ts';
import { type Endpoint, type Family, type ServiceName, services } from './endpoints.ts';
import { platformMessage } from './platform-message.ts';
import { refusalBackoffMs, retryAfterMs } from './retry-after.ts';
import { type Credentials, missingScope, openTokens, refusedCredentials } from './tokens.ts';
import { openTransport, type WireAnswer } from './transport.ts';

/** The platform, spoken to in its own terms and within its limits. */
export interface Cxone {
  /**
   * Asks an endpoint once (twice where the token had become invalid).
   * @throws NotNow where a limit says wait; MlopsError CREDENTIALS_REFUSED, SCOPE_MISSING, PLATFORM_REFUSED,
   *   PLATFORM_NOT_FOUND, PLATFORM_WRONG_SHAPE (final), PLATFORM_UNAVAILABLE (to be retried)
   */
  ask<Answer>(
    endpoint: Endpoint<Answer>,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Asked<Answer>>;
  close(): void;
}

export interface Asked<Answer> {
  readonly answer: Answer;
  /** Our clock when the request left, in ms. */
  readonly askedAt: number;
  /** The platform's clock, its `Date`, in ms; `null` where the answer has none. */
  readonly answeredAt: number | null;
}

export function openCxone(credentialsOf: (service: ServiceName) => Credentials, budget: Budget): Cxone {
  const transport = openTransport();
  const tokens = openTokens(transport, credentialsOf);
  const refusals = new Map<Family, number>();

  async function send(endpoint: Endpoint<unknown>, query: Readonly<Record<string, string>>, signal: AbortSignal) {
    const token = await tokens.token(endpoint.service);
    await budget.take(endpoint.family, signal);
    const answer = await transport.send({
      method: endpoint.method,
      url: credentialsOf(endpoint.service).baseUrl + endpoint.path,
      query,
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
      signal,
    });
    if (answer.status === 401) tokens.drop(endpoint.service, token);
    return { answer, token };
  }

  /** A 429 holds the family in every process. */
  async function hold(family: Family, answer: WireAnswer): Promise<never> {
    const inARow = (refusals.get(family) ?? 0) + 1;
    refusals.set(family, inARow);
    const ms = retryAfterMs(answer.headers) ?? refusalBackoffMs(inARow);
    await budget.hold(family, ms);
    throw new NotNow(ms, 'queue');
  }

  return {
    async ask(endpoint, query, signal) {
      let sent = await send(endpoint, query, signal);
      if (sent.answer.status === 401) sent = await send(endpoint, query, signal);
      const { answer, token } = sent;
      if (answer.status === 429) return await hold(endpoint.family, answer);
      refusals.delete(endpoint.family);
      refuseBadStatus(endpoint, answer, [token, credentialsOf(endpoint.service).clientSecret]);
      const date = Date.parse(answer.headers.date ?? '');
      return {
        answer: parseAnswer(endpoint, answer.body),
        askedAt: answer.askedAt,
        answeredAt: Number.isNaN(date) ? null : date,
      };
    },
    close: () => transport.close(),
  };
}

function refuseBadStatus(endpoint: Endpoint<unknown>, { status, body }: WireAnswer, secrets: readonly string[]): void {
  if (status >= 200 && status < 300) return;
  const service = services[endpoint.service];
  const said = platformMessage(body, secrets);
  if (status === 401) throw refusedCredentials(service, said);
  if (status === 403) throw missingScope(service, said);
  if (status === 404)
    throw new MlopsError('PLATFORM_NOT_FOUND', `${endpoint.name} was answered 404${said}`, { where: endpoint.name });
  if (status >= 500)
    throw new MlopsError('PLATFORM_UNAVAILABLE', `${endpoint.name} was answered ${status}`, { where: endpoint.name });
  throw new MlopsError('PLATFORM_REFUSED', `${endpoint.name} was answered ${status}${said}`, { where: endpoint.name });
}

function parseAnswer<Answer>(endpoint: Endpoint<Answer>, body: unknown): Answer {
  const parsed = endpoint.answer.safeParse(body);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues
    .map(issue => `${z.core.toDotPath(issue.path) || '(whole)'}: ${issue.message}`)
    .join('; ');
  throw new MlopsError('PLATFORM_WRONG_SHAPE', `${endpoint.name} answered in a shape we do not know: ${wrong}`, {
    where: endpoint.name,
  });
}
