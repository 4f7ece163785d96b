import type { FastifyInstance } from 'fastify';

/** Allows only the board's own origin. Inline styles are allowed because the board's page uses them. */
const policy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const foreignLink = /<link [^>]*href="https?:[^>]*>/g;

/**
 * Restricts a scope's pages to their origin. Bull Board's page loads fonts from Google, which would report each visit to
 * Google and delay the page in a network without internet access. Without them it uses the system's fonts.
 */
export function keepWithinOrigin(scope: FastifyInstance): void {
  scope.addHook('onSend', async (_, reply, payload) => {
    if (typeof payload !== 'string' || !String(reply.getHeader('content-type')).startsWith('text/html')) return payload;
    void reply.header('content-security-policy', policy);
    return payload.replace(foreignLink, '');
  });
}
