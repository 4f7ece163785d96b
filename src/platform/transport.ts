import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { isAxiosError, type Method } from 'axios';
import { MlopsError, type SharedCode } from '../errors.ts';
import { answerText } from './answer-text.ts';

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
}

/** An answer of any status; `body` is parsed JSON, or the text if it is not JSON. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
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
const deadlineMs = 60_000;
/** A page of 200 long conversations has a few megabytes, uncompressed. */
const largestAnswer = 64 * 1024 * 1024;

/** No connection was made, so nothing was sent. */
const neverSent: readonly string[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** No answer arrived in time. */
const silent: readonly string[] = ['ECONNABORTED', 'ETIMEDOUT', 'ERR_CANCELED'];

function codeFor(reason: string): SharedCode {
  if (neverSent.includes(reason)) return 'PLATFORM_UNREACHABLE';
  return silent.includes(reason) ? 'PLATFORM_SILENT' : 'PLATFORM_UNAVAILABLE';
}

export function openTransport(): Transport {
  const httpAgent = new HttpAgent({ keepAlive: true });
  const httpsAgent = new HttpsAgent({ keepAlive: true });
  const client = axios.create({
    httpAgent,
    httpsAgent,
    timeout: timeoutMs,
    maxRedirects: 0,
    maxContentLength: largestAnswer,
    responseType: 'arraybuffer',
    validateStatus: () => true,
  });

  return {
    async send({ method, url, query, headers, body, signal, ownConnection = false }) {
      const sentAt = Date.now();
      try {
        const answer = await client.request<Uint8Array>({
          method,
          url,
          params: query,
          headers: { ...headers },
          data: body,
          signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]),
          ...(ownConnection ? { httpAgent: new HttpAgent(), httpsAgent: new HttpsAgent() } : {}),
          ...proxyFor(url),
        });
        const { text, isUtf8 } = answerText(answer.data);
        return { status: answer.status, headers: textHeaders(answer.headers), body: parsedBody(text), isUtf8, sentAt };
      } catch (error) {
        signal.throwIfAborted();
        if (isAxiosError(error) && error.message.includes('maxContentLength'))
          throw new MlopsError(
            'PLATFORM_WRONG_SHAPE',
            `${method} ${new URL(url).pathname} answered more than ${largestAnswer / 1024 / 1024} MB: check the host`,
          );
        // The axios error holds the whole request with its token: only its code is passed on.
        const reason = isAxiosError(error) ? (error.code ?? 'no answer') : 'no answer';
        throw new MlopsError(codeFor(reason), `${method} ${new URL(url).pathname} at ${new URL(url).host}: ${reason}`);
      }
    },
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

function parsedBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function textHeaders(headers: object): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), typeof value === 'string' ? value : undefined]),
  );
}

/** The environment's proxy is not used for this machine's own sandbox. */
export function proxyFor(url: string): { proxy?: false } {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname) ? { proxy: false } : {};
}
