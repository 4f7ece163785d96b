import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isCoded } from '../../src/errors.ts';
import type { Logger } from '../../src/logger.ts';
import { noteMethods } from './methods.ts';
import { problemType, Refused, troubleOf } from './problem.ts';

/** Answers a thrown error as a problem; errors of the server are logged. */
export async function answerProblem(thrown: unknown, reply: FastifyReply, logger: Logger): Promise<FastifyReply> {
  const { problem, headers, isOurs } = troubleOf(thrown);
  if (isOurs) logger.error({ status: problem.status, reason: reasonOf(thrown) }, problem.detail);
  // The rest of a refused body is not read, however slowly it arrives.
  if (isBodyUnread(reply.request)) void reply.header('connection', 'close');
  return await reply.status(problem.status).headers(headers).type(problemType).send(JSON.stringify(problem));
}

/** Errors in routes added after this call, unknown paths and unsupported methods are answered as problems. */
export function answerWithProblems(server: FastifyInstance, logger: Logger): void {
  const methodsOf = noteMethods(server);
  server.setErrorHandler(async (error, _, reply) => await answerProblem(error, reply, logger));
  server.setNotFoundHandler(async (request, reply) => {
    const allowed = methodsOf(request.url.split('?')[0] ?? '').join(', ');
    const refused =
      allowed === ''
        ? new Refused(404, 'not-found', 'Not found. See /docs')
        : new Refused(405, 'method-not-allowed', `Use ${allowed}`, { allow: allowed });
    return await answerProblem(refused, reply, logger);
  });
}

function isBodyUnread({ headers, raw }: FastifyRequest): boolean {
  const hasBody = (headers['content-length'] ?? '0') !== '0' || headers['transfer-encoding'] !== undefined;
  return hasBody && !raw.complete;
}

/** For the log. The message of a foreign error is left out, because it may quote a body. */
function reasonOf(thrown: unknown): string {
  if (isCoded(thrown)) return `${thrown.message} [${thrown.code}]`;
  if (!(thrown instanceof Error)) return typeof thrown;
  return `${thrown.name} ${thrown.stack?.split('\n').find(line => line.startsWith('    at ')) ?? ''}`;
}
