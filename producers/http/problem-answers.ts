import type { FastifyInstance, FastifyReply } from 'fastify';
import { isCoded } from '../../src/errors.ts';
import type { Logger } from '../../src/logger.ts';
import { noteMethods } from './methods.ts';
import { problemType, Refused, troubleOf } from './problem.ts';

/** Answers whatever was thrown as a problem; what is our fault is logged. */
export async function answerProblem(thrown: unknown, reply: FastifyReply, logger: Logger): Promise<FastifyReply> {
  const { problem, headers, isOurs } = troubleOf(thrown);
  if (isOurs) logger.error({ status: problem.status, reason: reasonOf(thrown) }, problem.detail);
  return await reply.status(problem.status).headers(headers).type(problemType).send(JSON.stringify(problem));
}

/** Whatever goes wrong in routes that are added from here on is a problem, as are unknown paths and methods that a path has not. */
export function answerWithProblems(server: FastifyInstance, logger: Logger): void {
  const methodsOf = noteMethods(server);
  server.setErrorHandler(async (error, _, reply) => await answerProblem(error, reply, logger));
  server.setNotFoundHandler(async (request, reply) => {
    const allowed = methodsOf(request.url.split('?')[0] ?? '').join(', ');
    const refused =
      allowed === ''
        ? new Refused(404, 'not-found', 'There is nothing at this path; /docs lists what there is')
        : new Refused(405, 'method-not-allowed', `This path takes ${allowed}`, { allow: allowed });
    return await answerProblem(refused, reply, logger);
  });
}

/** For our own log; a message of a stranger's may quote a body. */
function reasonOf(thrown: unknown): string {
  if (isCoded(thrown)) return `${thrown.message} [${thrown.code}]`;
  if (!(thrown instanceof Error)) return typeof thrown;
  return `${thrown.name} ${thrown.stack?.split('\n').find(line => line.startsWith('    at ')) ?? ''}`;
}
