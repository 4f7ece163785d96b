import type { FastifyRequest } from 'fastify';

/** This server's origin as the caller addresses it, for links in answers. */
export function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`;
}
