import { afterEach } from 'vitest';
import { z } from 'zod';
import { putNlpConfig, type Service, services } from '../../src/platform/endpoints.ts';
import type { WrittenInteraction } from '../../src/sandbox/interactions/record.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';

export const start = '2024-05-15T13:17:21.123Z';

const unlimited = { INTERACTIONS: null, INTENTS: null, CONFIG: null, SUBMIT: null, POLL: null, NLU: null };

const running: Sandbox[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map(sandbox => sandbox.close()));
});

/** A sandbox with a standing clock, no limit and three conversations, unless the options say otherwise; closed after the test. */
export function tenant(options: SandboxOptions = {}): Promise<Sandbox> {
  const own = options.corpus !== undefined || options.interactions !== undefined;
  return builtInTenant(own ? options : { interactions: conversations(3), ...options });
}

/** The same with the built-in corpus. */
export async function builtInTenant(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ clock: { start, rate: 0 }, limits: unlimited, ...options });
  running.push(sandbox);
  return sandbox;
}

/** A conversation that began `minutesAgo` minutes before `start`. */
export function conversation(id: string, minutesAgo: number, rating: number | null = 5): WrittenInteraction {
  const timestamp = new Date(Date.parse(start) - minutesAgo * 60_000).toISOString();
  return { id, timestamp, botId: 'bot_a', rating, messages: [{ from: 'user', text: `I am ${id}`, timestamp }] };
}

/** `c1`, `c2` …, the first the newest, a minute apart. */
export function conversations(count: number): WrittenInteraction[] {
  return Array.from({ length: count }, (_, index) => conversation(`c${index + 1}`, index + 1));
}

/** Asks for a token, in the encoding that the service takes. */
export function askToken(
  sandbox: Sandbox,
  changes: Record<string, string | undefined> = {},
  service: Service = services.interactions,
): Promise<Response> {
  const given = {
    grant_type: 'client_credentials',
    client_id: sandbox.clientId,
    client_secret: sandbox.clientSecret,
    scope: service.scopes.join(' '),
    ...changes,
  };
  const url = `${sandbox.url}${service.tokenPath}`;
  if (service.tokenEncoding === 'json') return fetch(url, { method: 'POST', ...json(given) });
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) if (value !== undefined) form.append(name, value);
  return fetch(url, { method: 'POST', body: form });
}

const tokenBody = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.number(),
  scope: z.string(),
});

export async function tokenOf(
  sandbox: Sandbox,
  changes: Record<string, string | undefined> = {},
  service: Service = services.interactions,
): Promise<string> {
  return tokenBody.parse(await (await askToken(sandbox, changes, service)).json()).access_token;
}

/** The usual query, with changes; undefined leaves a parameter out. */
export function askLog(
  sandbox: Sandbox,
  token: string,
  changes: Record<string, string | undefined> = {},
): Promise<Response> {
  const query = { pageSize: '200', page: '1', sort: 'timestamp desc', returnCount: 'true', ...changes };
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.append(name, value);
  return fetch(`${sandbox.url}/api/v2/interactions?${search}`, { headers: { authorization: `Bearer ${token}` } });
}

const page = z.object({
  interactions: z.array(z.looseObject({ id: z.string(), timestamp: z.string() })),
  totalCount: z.number().optional(),
});
export type Page = z.infer<typeof page>;

export async function readPage(
  sandbox: Sandbox,
  token: string,
  changes: Record<string, string | undefined> = {},
): Promise<Page> {
  return page.parse(await (await askLog(sandbox, token, changes)).json());
}

export async function idsOf(answer: Page | Promise<Page>): Promise<string[]> {
  return (await answer).interactions.map(({ id }) => id);
}

/** A token of the nlp service. */
export function nlpToken(sandbox: Sandbox): Promise<string> {
  return tokenOf(sandbox, {}, services.nlp);
}

export function askIntents(sandbox: Sandbox, token: string, query = 'page=1&pageSize=100'): Promise<Response> {
  return fetch(`${sandbox.url}/api/v2/ai/intents?${query}`, { headers: { authorization: `Bearer ${token}` } });
}

/** Puts thresholds; a text is sent as it is. */
export function putConfig(sandbox: Sandbox, token: string, body: unknown): Promise<Response> {
  return fetch(`${sandbox.url}${putNlpConfig.path}`, {
    method: 'PUT',
    ...json(body, token),
  });
}

/** What `fetch` takes to send JSON; a text is sent as it is. */
export function json(body: unknown, token?: string): { headers: Record<string, string>; body: string } {
  return {
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}
