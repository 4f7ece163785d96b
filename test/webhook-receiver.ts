import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** What came in. */
export interface Posted {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server that takes webhooks, on this machine; closed after the test. */
export interface Receiver {
  readonly url: string;
  readonly posted: readonly Posted[];
  /** What the next posts are answered, in this order; those after are answered 204. `null`: nothing, the line is cut. */
  answerNext(...answers: (Answer | null)[]): void;
}

export async function openReceiver(): Promise<Receiver> {
  const posted: Posted[] = [];
  const next: (Answer | null)[] = [];
  const server = createServer(async (request, response) => {
    posted.push({ path: request.url ?? '', headers: request.headers, body: await text(request) });
    const answer = next.length === 0 ? { status: 204 } : next.shift();
    if (answer === null || answer === undefined) request.socket.destroy();
    else
      response.writeHead(answer.status, { ...('headers' in answer ? answer.headers : {}) }).end('not to be looked at');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/hook/top-secret`,
    posted,
    answerNext: (...answers) => void next.push(...answers),
  };
}
