import { type Answer, answerJson, refuse } from './answer.ts';
import { tooMany } from './limits.ts';
import { Random } from './random.ts';
import type { SandboxRequest } from './sandbox-request.ts';

/** Seeded trouble: the n-th request of a sandbox meets the same fault with every start. */
export interface FaultOptions {
  /** The share of requests that meet a fault, 0 to 1. */
  readonly rate: number;
  readonly seed: number;
  /** All three by default. */
  readonly kinds?: readonly ('5xx' | 'drop' | 'slow')[];
  /** Real milliseconds by which a slow answer is late; 1,000 by default. */
  readonly slowMs?: number;
  /** Whether token requests meet faults too; false by default. */
  readonly tokens?: boolean;
  /** Paths that get no faults, such as a submission that must not be lost; default: none. */
  readonly except?: readonly string[];
}

/** The fault injected into one request. */
export type Fault =
  /** Without any effect, or after the request was carried out, as when a gateway loses patience. `before` by default. */
  | { readonly kind: '5xx'; readonly status?: 500 | 502 | 503 | 504; readonly moment?: 'before' | 'after' }
  /**
   * The connection is destroyed: before the request has any effect (the default), after it was carried out but without
   * a byte of the answer, or in the middle of the answer's body. The caller cannot tell the first two apart.
   */
  | { readonly kind: 'drop'; readonly moment?: 'before' | 'after' | 'mid-answer' }
  /** The request is carried out at once; the answer is sent `slowMs` real milliseconds later (1,000 by default), or once `until` settles. */
  | { readonly kind: 'slow'; readonly slowMs?: number; readonly until?: Promise<unknown> }
  /** The request is carried out at once; no answer until the caller gives up or the sandbox closes. */
  | { readonly kind: 'hang' }
  /** 200 with JSON of a wrong shape: `body`, or an invented one. Like what follows, it takes the place of the endpoint: without effect. */
  | { readonly kind: 'wrong-shape'; readonly body?: unknown }
  /** 200 with a text that is not JSON. */
  | { readonly kind: 'not-json' }
  | { readonly kind: '401' }
  | { readonly kind: '403' }
  /** `retryAfter` as the header is to say it: seconds, or any text such as an HTTP date; null for none; 1 by default. */
  | { readonly kind: '429'; readonly retryAfter?: number | string | null };

/** A fault for the next requests that match. */
export type ProgrammedFault = Fault & {
  /** A path, or a predicate; by default every request but those for tokens. */
  readonly match?: string | ((request: SandboxRequest) => boolean);
  /** How many requests meet it; 1 by default. */
  readonly times?: number;
};

/** Decides which request meets which fault: programmed ones first, then by chance. */
export class FaultPlan {
  readonly #programmed: { fault: ProgrammedFault; left: number }[] = [];
  #options: FaultOptions | null;
  #random: Random;

  constructor(options: FaultOptions | null) {
    this.#options = options;
    this.#random = new Random('faults', options?.seed ?? 0);
  }

  program(fault: ProgrammedFault): void {
    this.#programmed.push({ fault, left: fault.times ?? 1 });
  }

  /** Replaces the seeded faults and restarts their sequence. */
  replace(options: FaultOptions | null): void {
    this.#options = options;
    this.#random = new Random('faults', options?.seed ?? 0);
  }

  next(request: SandboxRequest, forToken: boolean): Fault | null {
    const programmed = this.#programmed.find(({ fault, left }) => left > 0 && matches(fault, request, forToken));
    if (programmed !== undefined) {
      programmed.left -= 1;
      return programmed.fault;
    }
    if (this.#options === null || (forToken && this.#options.tokens !== true)) return null;
    const fault = drawn(this.#options, this.#random);
    return this.#options.except?.includes(request.path) === true ? null : fault;
  }
}

function matches(fault: ProgrammedFault, request: SandboxRequest, forToken: boolean): boolean {
  if (fault.match === undefined) return !forToken;
  return typeof fault.match === 'string' ? request.path === fault.match : fault.match(request);
}

function drawn(options: FaultOptions, random: Random): Fault | null {
  // Always three draws, so that one request's luck does not shift the next one's.
  const [luck, kind, variant] = [
    random.next(),
    random.pick(options.kinds ?? (['5xx', 'drop', 'slow'] as const)),
    random.below(6),
  ];
  if (luck >= options.rate) return null;
  switch (kind) {
    case '5xx':
      return { kind, status: ([500, 502, 503] as const)[variant % 3] ?? 500 };
    case 'drop':
      return { kind, moment: (['before', 'after', 'mid-answer'] as const)[variant % 3] ?? 'before' };
    case 'slow':
      return { kind, slowMs: options.slowMs ?? 1_000 };
  }
}

/** Whether the request that meets the fault is carried out: the endpoint sees it, whatever the caller then sees. */
export function carriesOut(fault: Fault): boolean {
  switch (fault.kind) {
    case 'slow':
    case 'hang':
      return true;
    case 'drop':
    case '5xx':
      return (fault.moment ?? 'before') !== 'before';
    default:
      return false;
  }
}

/** What a fault answers in place of the endpoint; null when the endpoint's own answer is sent, or the connection dropped. */
export function answerOf(fault: Fault): Answer | null {
  switch (fault.kind) {
    case '5xx':
      return serverError(fault.status ?? 503);
    case '401':
      return refuse(401, 'The access token is not valid.', {
        headers: { 'www-authenticate': 'Bearer realm="sandbox", error="invalid_token"' },
      });
    case '403':
      return refuse(403, 'The access token lacks a scope.', {
        headers: { 'www-authenticate': 'Bearer realm="sandbox", error="insufficient_scope"' },
      });
    case '429':
      return fault.retryAfter === null
        ? refuse(429, 'Too many requests. Slow down.')
        : tooMany(String(fault.retryAfter ?? 1));
    case 'wrong-shape':
      return answerJson(200, 'body' in fault ? fault.body : { items: {}, count: 'many' });
    case 'not-json':
      return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html><body>Login</body></html>' };
    case 'drop':
    case 'slow':
    case 'hang':
      return null;
  }
}

/** A gateway in front of the platform answers in HTML; the platform itself answers in JSON. */
function serverError(status: 500 | 502 | 503 | 504): Answer {
  if (status === 502 || status === 504) {
    const said = status === 502 ? '502 Bad Gateway' : '504 Gateway Time-out';
    return { status, headers: { 'content-type': 'text/html' }, body: `<html><h1>${said}</h1></html>` };
  }
  return refuse(status, status === 500 ? 'Internal server error.' : 'The service is temporarily unavailable.');
}
