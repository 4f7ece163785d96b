import { randomBytes } from 'node:crypto';
import { type Answer, refuse } from './answer.ts';
import type { SandboxClock } from './clock.ts';

interface Grant {
  readonly scopes: ReadonlySet<string>;
  readonly expiresAt: number;
}

/** The access tokens that are out. A token is random, lives in memory only and is never logged. */
export class Tokens {
  readonly lifetimeSeconds: number;
  readonly #clock: SandboxClock;
  readonly #grants = new Map<string, Grant>();

  constructor(clock: SandboxClock, lifetimeSeconds: number) {
    this.#clock = clock;
    this.lifetimeSeconds = lifetimeSeconds;
  }

  issue(scopes: readonly string[]): string {
    const now = this.#clock.now();
    for (const [token, grant] of this.#grants) if (grant.expiresAt <= now) this.#grants.delete(token);
    const token = randomBytes(32).toString('base64url');
    this.#grants.set(token, { scopes: new Set(scopes), expiresAt: now + this.lifetimeSeconds * 1_000 });
    return token;
  }

  revokeAll(): void {
    this.#grants.clear();
  }

  /** Null when the `Authorization` header opens an endpoint that needs `scopes`, else the 401 or 403 that refuses it. */
  refuse(authorization: string | undefined, scopes: readonly string[]): Answer | null {
    const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return unauthorized('A bearer token is required.', 'Bearer realm="sandbox"');

    const grant = this.#grants.get(token);
    if (grant === undefined || grant.expiresAt <= this.#clock.now())
      return unauthorized(
        grant === undefined ? 'The access token is unknown.' : 'The access token has expired.',
        'Bearer realm="sandbox", error="invalid_token"',
      );

    const missing = scopes.filter(scope => !grant.scopes.has(scope));
    if (missing.length === 0) return null;
    return refuse(403, `The access token lacks the scope ${missing.join(' and ')}.`, {
      headers: {
        'www-authenticate': `Bearer realm="sandbox", error="insufficient_scope", scope="${scopes.join(' ')}"`,
      },
    });
  }
}

function unauthorized(message: string, challenge: string): Answer {
  return refuse(401, message, { headers: { 'www-authenticate': challenge } });
}
