import type { FastifyInstance } from 'fastify';

/** Pages of this server may load nothing from elsewhere and be framed by no one; inline styles are the pages' own. */
const pagePolicy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * A report is one file with its scripts in it. It runs in an origin of its own: a script in it could neither use the
 * reader's login nor send anything.
 */
const reportPolicy = [
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  'sandbox allow-scripts allow-downloads',
].join('; ');

export const reportHeaders = {
  'content-security-policy': reportPolicy,
  // A page in a sandbox belongs to no origin that could be isolated.
  'cross-origin-opener-policy': 'unsafe-none',
} as const;

const always = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-permitted-cross-domain-policies': 'none',
} as const;

/** Headers that browsers obey, on every answer; a route's own are kept. Answers with data are not stored by caches. */
export function addPageHeaders(server: FastifyInstance): void {
  server.addHook('onSend', async (_, reply, payload) => {
    const set = (name: string, value: string) => {
      if (!reply.hasHeader(name)) void reply.header(name, value);
    };
    for (const [name, value] of Object.entries(always)) set(name, value);
    const type = String(reply.getHeader('content-type') ?? '');
    const isPage = type.startsWith('text/html');
    if (isPage) set('content-security-policy', pagePolicy);
    if (isPage || type.includes('json')) set('cache-control', 'no-store');
    return payload;
  });
}
