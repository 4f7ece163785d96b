import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Logger } from '../../src/edges/logger.ts';
import { isCoded } from '../../src/errors.ts';
import { noteMethods } from './methods.ts';
import { problemType, Refused, troubleOf } from './problem.ts';

/** Whatever goes wrong from here on is answered as a problem: errors of routes, unknown paths, methods that a path has not. */
export function answerWithProblems(server: FastifyInstance, logger: Logger): void {
  const methodsOf = noteMethods(server);

  async function answer(thrown: unknown, reply: FastifyReply): Promise<FastifyReply> {
    const { problem, headers, isOurs } = troubleOf(thrown);
    if (isOurs) logger.error({ status: problem.status, reason: reasonOf(thrown) }, problem.detail);
    return await reply.status(problem.status).headers(headers).type(problemType).send(JSON.stringify(problem));
  }

  server.setErrorHandler(async (error, _, reply) => await answer(error, reply));
  server.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const allowed = methodsOf(path);
    const refused =
      allowed.length === 0
        ? new Refused(404, 'not-found', 'There is nothing at this path; /docs lists what there is')
        : new Refused(405, 'method-not-allowed', `This path takes ${allowed.join(', ')}`, {
            allow: allowed.join(', '),
          });
    return await answer(refused, reply);
  });
}

/** For our own log; a message of a stranger's may quote a body. */
function reasonOf(thrown: unknown): string {
  if (isCoded(thrown)) return `${thrown.code}: ${thrown.message}`;
  return thrown instanceof Error
    ? `${thrown.name} at ${thrown.stack?.split('\n    at ')[1] ?? 'unknown'}`
    : typeof thrown;
}
