import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, answerJson } from '../kernel/answer.ts';
import type { SandboxClock } from '../kernel/clock.ts';
import { readJsonBody } from '../kernel/json-body.ts';
import type { SandboxRequest } from '../kernel/sandbox-request.ts';
import { type Signing, signed } from './signing.ts';
import { type PlatformEvent, type Webhook, webhook } from './wire.ts';

/** How events are delivered; everything has a default, and can be changed later. */
export interface DeliveryOptions {
  /** Standard Webhooks by default. `basic` sends the secret as `user:password`, or as the password of `webhook`. */
  readonly signing?: Signing;
  /** How many times each event is sent beyond the first, with the same id; 0 by default. */
  readonly duplicates?: number;
  /** Real milliseconds that events are held back; 0 by default. */
  readonly lateMs?: number;
  /** Sends the events of one batch last first; false by default. */
  readonly reordered?: boolean;
  /** Real milliseconds before the first repetition of a delivery that got no 2xx, doubling up to a minute; 1,000 by default. */
  readonly retryMs?: number;
}

export interface RegisteredWebhook extends Webhook {
  readonly id: string;
}

/** One attempt to deliver an event. */
export interface Delivery {
  readonly eventId: string;
  readonly url: string;
  /** 1-based. */
  readonly attempt: number;
  /** What the receiver answered; null when nothing came. */
  readonly status: number | null;
  /** By the sandbox's clock, ISO 8601. */
  readonly at: string;
}

const longestWaitMs = 60_000;
const answerWithinMs = 10_000;

/** The webhooks of the simulated tenant, which are really sent: each event until its receiver answers with a 2xx. */
export class Webhooks {
  /** The attempts so far, in the order of their ends. */
  readonly deliveries: Delivery[] = [];
  readonly #clock: SandboxClock;
  readonly #closing: AbortSignal;
  readonly #registered = new Map<string, RegisteredWebhook>();
  readonly #pending = new Set<Promise<void>>();
  #options: DeliveryOptions;

  constructor(options: DeliveryOptions, clock: SandboxClock, closing: AbortSignal) {
    this.#options = options;
    this.#clock = clock;
    this.#closing = closing;
  }

  /** Those that are registered, by URL in the order of their first registration. */
  get registered(): RegisteredWebhook[] {
    return [...this.#registered.values()];
  }

  /** Changes how the next events are delivered. */
  configure(options: DeliveryOptions): void {
    this.#options = { ...this.#options, ...options };
  }

  /** Registers a webhook; a URL that is registered already keeps its id and gets the new secret. */
  register(request: SandboxRequest): Answer {
    const read = readJsonBody(request, webhook, { what: 'webhook' });
    if ('refusal' in read) return read.refusal;
    const known = this.#registered.get(read.body.url);
    const id = known?.id ?? `webhook-${this.#registered.size + 1}`;
    this.#registered.set(read.body.url, { ...read.body, id });
    const { url, events, active } = read.body;
    return answerJson(known === undefined ? 201 : 200, { id, url, events, active });
  }

  /** Sends events, one batch, to every active webhook that wants them. */
  send(events: readonly PlatformEvent[]): void {
    const { duplicates = 0, reordered = false } = this.#options;
    const ordered = reordered ? [...events].reverse() : events;
    for (const target of this.#registered.values()) {
      if (!target.active) continue;
      const wanted = ordered.filter(({ type }) => target.events.includes(type));
      const sent = this.#inTurn(
        wanted.flatMap(event => Array.from({ length: duplicates + 1 }, () => event)),
        target,
      );
      this.#pending.add(sent);
      void sent.finally(() => this.#pending.delete(sent));
    }
  }

  /** Resolves once every event that was sent is delivered, or the sandbox closes. */
  async delivered(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  async #inTurn(events: readonly PlatformEvent[], target: RegisteredWebhook): Promise<void> {
    await this.#wait(this.#options.lateMs ?? 0);
    for (const event of events) await this.#deliver(event, target);
  }

  async #deliver(event: PlatformEvent, target: RegisteredWebhook): Promise<void> {
    let waitMs = this.#options.retryMs ?? 1_000;
    for (let attempt = 1; !this.#closing.aborted; attempt += 1) {
      const status = await this.#attempt(event, target);
      if (this.#closing.aborted) return;
      this.deliveries.push({ eventId: event.id, url: target.url, attempt, status, at: this.#clock.iso() });
      if (status !== null && status >= 200 && status < 300) return;
      await this.#wait(waitMs);
      waitMs = Math.min(longestWaitMs, waitMs * 2);
    }
  }

  async #attempt(event: PlatformEvent, { url, secret }: RegisteredWebhook): Promise<number | null> {
    const body = JSON.stringify(event);
    const seconds = Math.floor(this.#clock.now() / 1_000);
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...signed(this.#options.signing ?? 'standard', secret, { id: event.id, seconds, body }),
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([this.#closing, AbortSignal.timeout(answerWithinMs)]),
      });
      await answer.body?.cancel();
      return answer.status;
    } catch {
      // Refused, dropped or too late: to the sender all the same.
      return null;
    }
  }

  async #wait(ms: number): Promise<void> {
    if (ms > 0) await sleep(ms, undefined, { signal: this.#closing, ref: false }).catch(() => undefined);
  }
}
