import type { FastifyInstance, FastifyRequest } from 'fastify';

const foreignLink = /<link [^>]*href="https?:[^>]*>/g;
const baseLink = /<base href="[^"]*"/;

/**
 * Keeps the board's page to this server, and makes it work behind a proxy. Bull Board's page loads fonts from Google,
 * which would report each visit to Google and delay the page in a network without internet access: without them it uses
 * the system's fonts. Its assets and requests are relative to the page's base.
 * @param boardOf the path of the board as the browser sees it
 */
export function keepWithinOrigin(scope: FastifyInstance, boardOf: (request: FastifyRequest) => string): void {
  scope.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string' || !String(reply.getHeader('content-type')).startsWith('text/html')) return payload;
    return payload.replace(foreignLink, '').replace(baseLink, `<base href="${boardOf(request)}/"`);
  });
}
