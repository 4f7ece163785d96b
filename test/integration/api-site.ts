import { afterEach } from 'vitest';
import { type HttpServer, startHttp } from '../../producers/http/server.ts';
import type { App } from '../../src/app/app.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { eventually } from '../eventually.ts';
import { conversations } from './conversations.ts';
import { frozenTenant, openSite, type Site } from './site.ts';

/** The HTTP interface of a site, as an upstream system sees it. */
export interface Api {
  readonly url: string;
  readonly routes: HttpServer['routes'];
  readonly app: App;
  ask(method: string, path: string, options?: AskOptions): Promise<Answer>;
  /** Asks until the job is over, or in `state`. */
  reach(id: string, state?: string): Promise<Answer>;
  /** Stops the server; the app stays open. */
  close(): Promise<void>;
}

export interface AskOptions {
  readonly json?: unknown;
  readonly body?: NonNullable<RequestInit['body']>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Whatever the server says: the tests say what it should be.
  readonly body: Readonly<Record<string, unknown>>;
}

const servers = new Set<HttpServer>();

afterEach(async () => {
  await Promise.all([...servers].map(server => server.close()));
  servers.clear();
});

type Variables = Parameters<Site['app']>[0];

/** A site whose tenant has these intents and a few conversations, and limits nothing. */
export async function apiSite(options: SandboxOptions = {}): Promise<Site> {
  return await openSite(
    frozenTenant({
      interactions: conversations(60),
      intents: intentIds.map(id => ({ id, name: id.toUpperCase() })),
      limits: { INTERACTIONS: null, INTENTS: null, CONFIG: null },
      ...options,
    }),
  );
}

export const intentIds = ['greet', 'cancel', 'refund'] as const;

/** Over a app without workers, unless it `works`. */
export async function openApi(site: Site, { works = false, changes = {} as Variables } = {}): Promise<Api> {
  const variables = { HTTP_PORT: '0', LIMIT_INTENTS: '500/s', LIMIT_CONFIG: '500/s', ...changes };
  const app = works ? await site.workingHouse(variables) : await site.app(variables);
  const server = await startHttp(app);
  servers.add(server);

  const api: Api = {
    url: server.url,
    routes: server.routes,
    app,
    async ask(method, path, { json, body, headers = {} } = {}) {
      const answer = await fetch(new URL(path, server.url), {
        method,
        headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
        ...(body === undefined ? {} : { body, duplex: 'half' }),
      });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, text, body: parsed(text) };
    },
    async reach(id, state) {
      let answer = await api.ask('GET', `/v1/jobs/${id}`);
      const isThere = () =>
        state === undefined
          ? ['succeeded', 'failed', 'cancelled'].includes(String(answer.body.state))
          : answer.body.state === state;
      await eventually(async () => {
        answer = await api.ask('GET', `/v1/jobs/${id}`);
        return isThere();
      }).catch(() => {
        throw new Error(`${id} does not get there: ${answer.status} ${answer.text}`);
      });
      return answer;
    },
    async close() {
      servers.delete(server);
      await server.close();
    },
  };
  return api;
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** An export whose intents the sandbox has, `samples` each; the thresholds come out near `at`. */
export function exportOf(intents: readonly string[], at = 0.6, samples = 20): string {
  const rows = intents.flatMap(id =>
    Array.from({ length: samples }, (_, index) => {
      const isPositive = index % 2;
      const confidence = isPositive === 1 ? at + 0.01 * (index % 10) : at - 0.05 - 0.01 * (index % 10);
      return `${id},${isPositive},${confidence.toFixed(4)}`;
    }),
  );
  return ['intent_id,actual_label,predicted_confidence', ...rows, ''].join('\n');
}
