import type { FastifyInstance } from 'fastify';
import { afterEach, expect, it } from 'vitest';
import { services } from '../../src/platform/endpoints.ts';
import { answerJson } from '../../src/sandbox/kernel/answer.ts';
import { SandboxClock } from '../../src/sandbox/kernel/clock.ts';
import { FaultPlan } from '../../src/sandbox/kernel/faults.ts';
import { Throttle } from '../../src/sandbox/kernel/limits.ts';
import { buildServer } from '../../src/sandbox/kernel/pipeline.ts';
import { RequestLog } from '../../src/sandbox/kernel/requests.ts';
import { Tokens } from '../../src/sandbox/kernel/tokens.ts';

const servers: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(server => server.close()));
});

/** A service with one endpoint, which answers what its path's parameters are and where it is reached. */
async function ask(path: string, headers: Record<string, string> = {}) {
  const clock = new SandboxClock();
  const tokens = new Tokens(clock, 60);
  const server = buildServer(
    {
      clock,
      tokens,
      throttle: new Throttle(clock, { POLL: null }, 'seconds'),
      faults: new FaultPlan(null),
      client: { id: 'id', secret: 'secret', scopes: null },
      requests: new RequestLog(),
      closing: new AbortController().signal,
    },
    [
      {
        service: services.training,
        routes: [
          {
            endpoint: { method: 'GET', family: 'POLL', path: '/jobs/{jobId}/parts/{part}' },
            answer: ({ params, origin, path }) => answerJson(200, { params, origin, path }),
          },
        ],
      },
    ],
  );
  servers.push(server);
  const authorization = `Bearer ${tokens.issue(services.training.scopes)}`;
  return await server.inject({ method: 'GET', url: path, headers: { authorization, ...headers } });
}

it('the parameters of a path are given to its endpoint, decoded, and the path as it came', async () => {
  const answer = await ask('/jobs/job%2F1/parts/7?x=1', { host: 'tenant.example:8080' });
  expect(answer.json()).toEqual({
    params: { jobId: 'job/1', part: '7' },
    origin: 'http://tenant.example:8080',
    path: '/jobs/job%2F1/parts/7',
  });
});

it('a path with other segments is another one, and one that cannot be decoded is malformed', async () => {
  expect((await ask('/jobs/1/parts')).statusCode).toBe(404);
  expect((await ask('/jobs/1/2/parts/7')).statusCode).toBe(404);
  expect((await ask('/jobs//parts/7')).statusCode).toBe(404);
  expect((await ask('/jobs/%ZZ/parts/7')).statusCode).toBe(400);
});
