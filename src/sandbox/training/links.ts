import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Answer, refuse } from '../kernel/answer.ts';
import type { SandboxClock } from '../kernel/clock.ts';
import type { SandboxRequest } from '../kernel/sandbox-request.ts';

/** Where artifacts are served. The path is the sandbox's own: a caller takes a signed URL as it is. */
export const artifactPath = '/artifacts/{jobId}/{name}';

/** The parameter that opens a link, as good as a token until it expires. */
export const secretParameter = 'signature';

/** Signs links to artifacts, and checks them. The key is this sandbox's: a link dies with it. */
export class Links {
  readonly #clock: SandboxClock;
  readonly #key = randomBytes(32);

  constructor(clock: SandboxClock) {
    this.#clock = clock;
  }

  /** A link that is good until `expiresAt`, in ms, which is a whole second. */
  sign(origin: string, jobId: string, name: string, expiresAt: number): string {
    const path = artifactPath.replace('{jobId}', jobId).replace('{name}', name);
    const expires = String(expiresAt / 1_000);
    const query = new URLSearchParams({ expires, [secretParameter]: this.#signature(path, expires) });
    return `${origin}${path}?${query}`;
  }

  /** Null when the request's link is good, else the 403 that refuses it, as stores of signed links do. */
  refuse({ path, query }: SandboxRequest): Answer | null {
    const expires = query.get('expires') ?? '';
    const given = Buffer.from(query.get(secretParameter) ?? '');
    const right = Buffer.from(this.#signature(path, expires));
    if (given.length !== right.length || !timingSafeEqual(given, right))
      return refuse(403, 'The signature of the link is missing or wrong.');
    return Number(expires) * 1_000 > this.#clock.now() ? null : refuse(403, 'The link has expired.');
  }

  #signature(path: string, expires: string): string {
    return createHmac('sha256', this.#key).update(`${path}\n${expires}`).digest('base64url');
  }
}
