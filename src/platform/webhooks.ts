import type { Readable } from 'node:stream';
import axios from 'axios';
import { withinDeadline } from '../deadline.ts';
import { MlopsError, NotNow } from '../errors.ts';
import type { Budget } from './budget.ts';
import { proxyFor } from './proxy.ts';
import { retryAfterMs } from './retry-after.ts';
import { isRedirect, isTransient } from './status.ts';
import { tlsProblem } from './tls-failure.ts';
import { reasonOf, refusedByProxy } from './transport.ts';
import type { WebhookTarget } from './webhook-delivery.ts';
import { parseWebhookSecrets, signWebhook, type WebhookKey } from './webhook-signature.ts';

/**
 * The URL that messages go to; `null`: not sent. `secret` signs them (two, separated by a comma, during rotation); `null`:
 * not signed.
 */
export type WebhookSettings = Readonly<Record<WebhookTarget, string | null>> & { readonly secret: string | null };

/** The receivers of outgoing webhooks. Their URLs may hold secrets, so errors name only the host. */
export interface Webhooks {
  isSet(target: WebhookTarget): boolean;
  /**
   * Sends a message once.
   * @returns the status of the answer, a 2xx
   * @throws NotNow if a limit or a 429 requires a wait; MlopsError WEBHOOK_REFUSED (final), WEBHOOK_UNAVAILABLE (to be
   *   retried)
   */
  send(message: Message, signal: AbortSignal): Promise<number>;
}

export interface Message {
  readonly target: WebhookTarget;
  /** The same each time the message is sent. */
  readonly id: string;
  /** JSON. */
  readonly body: string;
}

const timeoutMs = 10_000;
/** The wait after a 429 without `Retry-After`. */
const refusedMs = 30_000;

/** @throws MlopsError BAD_CONFIG if the secret is not valid */
export function openWebhooks(settings: WebhookSettings, budget: Budget): Webhooks {
  const keys = settings.secret === null ? [] : parseWebhookSecrets(settings.secret, 'WEBHOOK_SECRET');
  return {
    isSet: target => settings[target] !== null,
    async send(message, signal) {
      const url = settings[message.target];
      if (url === null)
        throw new MlopsError('WEBHOOK_REFUSED', `no URL is set for the webhook "${message.target}"`, {
          where: message.target,
        });
      await budget.take('WEBHOOKS', signal);
      const { status, headers } = await post(url, message, keys, signal);
      if (status >= 200 && status < 300) return status;
      if (status === 429) throw new NotNow(retryAfterMs(headers) ?? refusedMs, 'job');
      throw refusal(message.target, url, status);
    },
  };
}

type Answer = { readonly status: number; readonly headers: Readonly<Record<string, string | undefined>> };

/** Only the answer's status and headers are read. */
async function post(url: string, message: Message, keys: readonly WebhookKey[], signal: AbortSignal): Promise<Answer> {
  const timestamp = Math.floor(Date.now() / 1000);
  try {
    const answer = await withinDeadline(timeoutMs, signal, stop =>
      axios.post<Readable>(url, message.body, {
        headers: {
          'content-type': 'application/json',
          'user-agent': 'cxone-mlops',
          'webhook-id': message.id,
          'webhook-timestamp': String(timestamp),
          ...(keys.length === 0 ? {} : signWebhook(keys, { ...message, timestamp })),
        },
        signal: stop,
        maxRedirects: 0,
        responseType: 'stream',
        // Exactly the bytes that were signed.
        transformRequest: body => body,
        validateStatus: () => true,
        ...proxyFor(url),
      }),
    );
    answer.data.on('error', () => undefined).destroy();
    const text = (name: string) => String(answer.headers[name] ?? '') || undefined;
    return { status: answer.status, headers: { 'retry-after': text('retry-after'), date: text('date') } };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof MlopsError) throw error;
    throw notDelivered(message.target, url, reasonOf(error));
  }
}

/** A delivery without an answer, for `reason`. */
function notDelivered(target: WebhookTarget, url: string, reason: string): MlopsError {
  const about = { where: target };
  const place = `the webhook "${target}" at ${new URL(url).host}`;
  const problem = tlsProblem(reason);
  if (problem !== null) return new MlopsError('WEBHOOK_REFUSED', `${place}: ${problem}`, about);
  const said = reason === 'ETIMEDOUT' ? `no answer within ${timeoutMs / 1000} s` : reason;
  return new MlopsError('WEBHOOK_UNAVAILABLE', `${place}: ${said}`, about);
}

function refusal(target: WebhookTarget, url: string, status: number): MlopsError {
  const said = `the webhook "${target}" at ${new URL(url).host} answered ${status}`;
  const about = { where: target, status };
  if (isTransient(status)) return new MlopsError('WEBHOOK_UNAVAILABLE', said, about);
  if (status === 407) return new MlopsError('WEBHOOK_REFUSED', refusedByProxy(url).message, about);
  return new MlopsError(
    'WEBHOOK_REFUSED',
    isRedirect(status) ? `${said}: redirects are not followed; set the URL that it leads to` : said,
    about,
  );
}
