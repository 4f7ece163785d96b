import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Endpoint, Family, Service } from '../../platform/endpoints.ts';
import { type Answer, answerJson, refuse } from './answer.ts';
import type { SandboxClock } from './clock.ts';
import { answerOf, carriesOut, type Fault, type FaultPlan } from './faults.ts';
import type { Throttle } from './limits.ts';
import { answerTokenRequest, type Client } from './oauth.ts';
import type { RequestLog } from './requests.ts';
import type { SandboxRequest } from './sandbox-request.ts';
import type { Tokens } from './tokens.ts';

/** A simulated service: the tokens it accepts and its answers. It only gets authorized requests within their limit. */
export interface SandboxService {
  readonly service: Service;
  readonly routes: readonly SandboxRoute[];
}

export interface SandboxRoute {
  /** A `{name}` in its path matches one non-empty segment, available as `params.name`. */
  readonly endpoint: Pick<Endpoint<unknown>, 'method' | 'path'> & { readonly family: Family | null };
  /** True for an endpoint without a token, which checks access by itself. Default: false. */
  readonly isOpen?: boolean;
  /** What a log must not have of a request. */
  readonly unlogged?: Unlogged;
  answer(request: SandboxRequest): Answer | Promise<Answer>;
}

/** False and none by default. */
export interface Unlogged {
  readonly body?: boolean;
  /** Parameters of the query. */
  readonly query?: readonly string[];
}

/** What every service shares. */
export interface Kernel {
  readonly clock: SandboxClock;
  readonly throttle: Throttle;
  readonly faults: FaultPlan;
  readonly tokens: Tokens;
  readonly client: Client;
  readonly requests: RequestLog;
  /** Aborted when the sandbox closes: whatever waits gives up. */
  readonly closing: AbortSignal;
}

/** Room for a large training set. */
const bodyLimit = 64 * 1024 * 1024;

interface Gate {
  /** Null for a path without a limit. */
  readonly family: Family | null;
  readonly forToken: boolean;
  /** Bodies that may contain a secret or a whole training set are not logged. */
  readonly unlogged: Unlogged;
  answer(request: SandboxRequest): Answer | Promise<Answer>;
}

/** The HTTP server of the simulated tenant, not listening yet. */
export function buildServer(kernel: Kernel, played: readonly SandboxService[]): FastifyInstance {
  const server = Fastify({ forceCloseConnections: true, exposeHeadRoutes: false, bodyLimit });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  server.addHook('onSend', async (_request, reply) => {
    reply.headers(signature(kernel.clock));
  });
  server.setErrorHandler((error, _request, reply) => {
    const status = statusOf(error);
    return deliver(reply, refuse(status, status < 500 ? 'The request is malformed.' : 'The sandbox itself failed.'));
  });

  const add = (method: string, path: string, gate: Gate): void => {
    server.route({ method, url: path, handler: (request, reply) => pass(kernel, gate, request, reply) });
  };
  for (const path of new Set(played.map(({ service }) => service.tokenPath)))
    add('POST', path, tokenGate(kernel, played, path));
  for (const { service, routes } of played)
    for (const route of routes)
      add(route.endpoint.method, routed(route.endpoint.path), {
        family: route.endpoint.family,
        forToken: false,
        unlogged: route.unlogged ?? {},
        answer: request =>
          (route.isOpen === true ? null : kernel.tokens.refuse(request.authorization, service.scopes)) ??
          route.answer(request),
      });
  add('GET', '/', { family: null, forToken: true, unlogged: { body: true }, answer: () => selfDescription(played) });
  // A token request that went astray ends here too, so no body is logged.
  const nowhere: Gate = { family: null, forToken: true, unlogged: { body: true }, answer: nothingHere };
  server.setNotFoundHandler((request, reply) => pass(kernel, nowhere, request, reply));
  return server;
}

/** The path as Fastify takes it: `{name}` is a segment that is not empty. */
function routed(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1(^.+$)');
}

/** The steps of every request: limit, fault, answer, delivery. */
async function pass(kernel: Kernel, gate: Gate, incoming: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const request = requestOf(incoming);
  const refused = gate.family === null ? null : kernel.throttle.refuse(gate.family);
  const fault = refused === null ? kernel.faults.next(request, gate.forToken) : null;
  const log = (status: number | null): void =>
    kernel.requests.add({
      method: request.method,
      path: request.path,
      query: Object.fromEntries([...request.query].filter(([name]) => gate.unlogged.query?.includes(name) !== true)),
      body: gate.unlogged.body !== true && request.body !== '' ? request.body : null,
      status,
      at: kernel.clock.iso(),
    });

  const inItsPlace = fault === null ? null : answerOf(fault);
  const own = refused ?? (fault === null || carriesOut(fault) ? await gate.answer(request) : null);
  const answer = inItsPlace ?? own;
  if (fault !== null) await delay(fault, kernel.closing, incoming);
  if (answer === null || incoming.raw.socket.destroyed || kernel.closing.aborted) {
    log(null);
    return drop(reply);
  }
  if (fault?.kind === 'drop') {
    log(null);
    if (fault.moment !== 'mid-answer') return drop(reply);
    return dropMidAnswer(reply, answer, signature(kernel.clock));
  }
  log(answer.status);
  return deliver(reply, answer);
}

function tokenGate(kernel: Kernel, played: readonly SandboxService[], path: string): Gate {
  const sharing = played.map(({ service }) => service).filter(service => service.tokenPath === path);
  return {
    family: null,
    forToken: true,
    unlogged: { body: true },
    answer: request => answerTokenRequest(request, sharing, kernel.client, kernel.tokens),
  };
}

const pathParameters = z.record(z.string(), z.string());

function requestOf(incoming: FastifyRequest): SandboxRequest {
  const [path = '/', ...query] = (incoming.raw.url ?? '/').split('?');
  return {
    method: incoming.method,
    path,
    params: pathParameters.parse(incoming.params ?? {}),
    // As it was sent: a parser that folds repeated parameters would hide them from the strict check.
    query: new URLSearchParams(query.join('?')),
    origin: `http://${incoming.headers.host ?? `${incoming.socket.localAddress}:${incoming.socket.localPort}`}`,
    contentType: (incoming.headers['content-type'] ?? '').split(';', 1).join('').trim().toLowerCase(),
    authorization: incoming.headers.authorization,
    range: incoming.headers.range,
    ifRange: headerText(incoming.headers['if-range']),
    body: typeof incoming.body === 'string' ? incoming.body : '',
    header: name => headerText(incoming.headers[name]),
  };
}

/** Node joins the values of most headers that come twice; of the others it has a list. */
function headerText(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(', ') : value;
}

/** Real time on purpose: what is slow is the network, not the tenant. */
async function delay(fault: Fault, closing: AbortSignal, incoming: FastifyRequest): Promise<void> {
  if (fault.kind !== 'slow' && fault.kind !== 'hang') return;
  const { socket } = incoming.raw;
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  socket.once('close', leave);
  const isTimed = fault.kind === 'slow' && fault.until === undefined;
  const ms = isTimed ? (fault.slowMs ?? 1_000) : 2 ** 31 - 1;
  if (fault.kind === 'slow') void fault.until?.then(leave, leave);
  // The wait ends when the caller disconnects or the sandbox closes: no answer is needed then.
  await sleep(ms, undefined, { signal: AbortSignal.any([gone.signal, closing]), ref: false }).catch(() => undefined);
  socket.off('close', leave);
}

function deliver(reply: FastifyReply, answer: Answer): FastifyReply {
  return reply.code(answer.status).headers(answer.headers).send(answer.body);
}

function drop(reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.raw.socket?.destroy();
  return reply;
}

/** Announces the whole body, sends half of it and breaks the connection. */
function dropMidAnswer(reply: FastifyReply, answer: Answer, signed: Record<string, string>): FastifyReply {
  reply.hijack();
  const body = Buffer.from(answer.body);
  reply.raw.writeHead(answer.status, { ...answer.headers, ...signed, 'content-length': body.length });
  reply.raw.write(body.subarray(0, Math.floor(body.length / 2)), () => reply.raw.socket?.destroy());
  return reply;
}

/** Headers of every answer: the tenant's time, and the mark of the sandbox. */
function signature(clock: SandboxClock): Record<string, string> {
  return { date: new Date(clock.now()).toUTCString(), 'x-sandbox': 'simulated tenant, no real data' };
}

function selfDescription(played: readonly SandboxService[]): Answer {
  return answerJson(200, {
    sandbox: 'THIS IS A SIMULATED TENANT. Its conversations are invented or loaded from files; nothing here is real.',
    services: played.map(({ service, routes }) => ({
      service: service.name,
      token: `POST ${service.tokenPath}`,
      endpoints: routes.map(({ endpoint }) => `${endpoint.method} ${endpoint.path}`),
    })),
  });
}

function nothingHere(request: SandboxRequest): Answer {
  return refuse(404, `No endpoint at ${request.method} ${request.path}.`);
}

function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return 500;
  return typeof error.statusCode === 'number' ? error.statusCode : 500;
}
