import type { FastifyRequest } from 'fastify';

/** As the caller knows this server: the beginning of the links that it is given. */
export function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`;
}
