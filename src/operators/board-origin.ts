import type { FastifyInstance } from 'fastify';

/** Everything from the board's own origin. Its page has styles of its own, in elements and in attributes. */
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
 * Keeps a scope's pages within their origin. Bull Board's page loads fonts from Google, which would tell Google of every
 * look at the board and hold the page up in a network without internet; without them it takes the system's fonts.
 */
export function keepWithinOrigin(scope: FastifyInstance): void {
  scope.addHook('onSend', async (_, reply, payload) => {
    if (typeof payload !== 'string' || !String(reply.getHeader('content-type')).startsWith('text/html')) return payload;
    void reply.header('content-security-policy', policy);
    return payload.replace(foreignLink, '');
  });
}
