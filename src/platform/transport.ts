import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { isAxiosError, type Method } from 'axios';
import { DeadlinePassed, withinDeadline } from '../deadline.ts';
import { MlopsError, type SharedCode } from '../errors.ts';
import { type AnswerBounds, type ParsedBody, parseBody, usualAnswer } from './answer-json.ts';
import { answerText } from './answer-text.ts';
import { withoutSecrets } from './platform-message.ts';
import { proxyFor, proxyNameFor } from './proxy.ts';
import { tlsProblem } from './tls-failure.ts';

/** A request on the wire. */
export interface WireRequest {
  /** The endpoint's name, without values, for timing. */
  readonly name: string;
  readonly method: Method;
  readonly url: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** Do not reuse a connection of an earlier request; false by default. */
  readonly ownConnection?: boolean;
  /** A larger answer is refused; by default `usualAnswer`. */
  readonly bounds?: AnswerBounds;
  /** Replaced where an answer repeats them: its texts are stored and shown. Short ones would change other words. */
  readonly secrets?: readonly string[];
}

/** An answer of any status but 407; `body` is parsed JSON, or the text if it is not JSON. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
  /** Why the body is not JSON; `null` if it is. */
  readonly notJson: string | null;
  /** False: the body holds `invalidBytes` where bytes were not UTF-8. */
  readonly isUtf8: boolean;
  /** Our clock, in ms, when the request was sent. */
  readonly sentAt: number;
}

/** Sends a request once: keep-alive, with a timeout, without retries; no status is treated as an error. */
export interface Transport {
  send(request: WireRequest): Promise<WireAnswer>;
  close(): void;
}

const timeoutMs = 30_000;
/** Also bounds an answer that arrives slowly. */
const usualDeadlineMs = 60_000;

const shortestSecret = 16;

/** No connection was made, so nothing was sent. */
const neverSent: readonly string[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** No answer arrived in time. */
const silent: readonly string[] = ['ECONNABORTED', 'ETIMEDOUT', 'ERR_CANCELED'];

function codeFor(reason: string): SharedCode {
  if (neverSent.includes(reason)) return 'PLATFORM_UNREACHABLE';
  return silent.includes(reason) ? 'PLATFORM_SILENT' : 'PLATFORM_UNAVAILABLE';
}

/** @param deadlineMs time limit of a request with its whole answer */
export function openTransport(deadlineMs = usualDeadlineMs): Transport {
  const httpAgent = new HttpAgent({ keepAlive: true });
  const httpsAgent = new HttpsAgent({ keepAlive: true });
  const client = axios.create({
    httpAgent,
    httpsAgent,
    timeout: timeoutMs,
    maxRedirects: 0,
    responseType: 'arraybuffer',
    validateStatus: () => true,
  });

  return {
    async send({
      method,
      url,
      query,
      headers,
      body,
      signal,
      ownConnection = false,
      bounds = usualAnswer,
      secrets = [],
    }) {
      const sentAt = Date.now();
      const proxy = proxyFor(url);
      try {
        const answer = await withinDeadline(deadlineMs, signal, stop =>
          client.request<Uint8Array>({
            method,
            url,
            params: query,
            headers: { ...headers },
            data: body,
            signal: stop,
            maxContentLength: bounds.bytes,
            ...(ownConnection ? { httpAgent: new HttpAgent(), httpsAgent: new HttpsAgent() } : {}),
            ...proxy,
          }),
        );
        if (answer.status === 407) throw refusedByProxy(url);
        const { text: raw, isUtf8 } = answerText(answer.data);
        const text = withoutSecrets(
          raw,
          secrets.filter(each => each.length >= shortestSecret),
        );
        const parsed = parseBody(text, bounds);
        if (parsed.kind === 'too-large') throw tooLarge(method, url, parsed.why);
        return {
          status: answer.status,
          headers: textHeaders(answer.headers),
          ...bodyOf(parsed, text),
          isUtf8,
          sentAt,
        };
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof MlopsError) throw error;
        if (isAxiosError(error) && error.message.includes('maxContentLength'))
          throw tooLarge(method, url, `more than ${bounds.bytes / 1024 / 1024} MB`);
        throw notAnswered(method, url, reasonOf(error));
      }
    },
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

function bodyOf(
  parsed: Exclude<ParsedBody, { kind: 'too-large' }>,
  text: string,
): { body: unknown; notJson: string | null } {
  return parsed.kind === 'json' ? { body: parsed.value, notJson: null } : { body: text, notJson: parsed.why };
}

/** The axios error holds the whole request with its token: only its code is passed on. */
export function reasonOf(error: unknown): string {
  if (error instanceof DeadlinePassed) return 'ETIMEDOUT';
  return isAxiosError(error) ? (error.code ?? 'no answer') : 'no answer';
}

/** A request without an answer, for `reason`. */
function notAnswered(method: Method, url: string, reason: string): MlopsError {
  const { pathname, host } = new URL(url);
  const proxy = proxyNameFor(url);
  const place = `${method} ${pathname} at ${host}${proxy === null ? '' : ` through the proxy ${proxy}`}`;
  const problem = tlsProblem(reason);
  if (problem !== null) return new MlopsError('PLATFORM_UNTRUSTED', `${place}: ${problem}`);
  return new MlopsError(codeFor(reason), `${place}: ${reason}`);
}

function tooLarge(method: Method, url: string, why: string): MlopsError {
  return new MlopsError(
    'PLATFORM_WRONG_SHAPE',
    `${method} ${new URL(url).pathname} returned an answer that is too large (${why}): check the host`,
  );
}

/** A 407 is never the platform's. */
export function refusedByProxy(url: string): MlopsError {
  const { host } = new URL(url);
  const proxy = proxyNameFor(url);
  return new MlopsError(
    'PLATFORM_REFUSED',
    proxy === null
      ? `a proxy in front of ${host} requires a login (407): set HTTPS_PROXY (or HTTP_PROXY) to http://USER:PASSWORD@HOST:PORT`
      : `the proxy ${proxy} refused the connection to ${host} (407): check the user and password in that variable; special characters are percent-encoded`,
    { status: 407 },
  );
}

function textHeaders(headers: object): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), typeof value === 'string' ? value : undefined]),
  );
}
