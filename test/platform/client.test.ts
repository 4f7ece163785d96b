import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { NotNow } from '../../src/errors.ts';
import { openBudget } from '../../src/platform/budget.ts';
import { openCxone } from '../../src/platform/client.ts';
import {
  defaultLimits,
  type Endpoint,
  interactionQuery,
  listInteractions,
  services,
} from '../../src/platform/endpoints.ts';
import { eventually } from '../eventually.ts';
import { useRedis } from '../redis-server.ts';
import { codedBy, thrownBy } from '../thrown.ts';
import { platform, secret } from './platform.ts';

const redis = useRedis();
const never = new AbortController().signal;
const logPath = listInteractions.path;

afterEach(() => {
  vi.useRealTimers();
});

describe('an answer', () => {
  it('comes parsed, with our clock and the platform’s', async () => {
    const { ask, sandbox } = await platform(redis);
    const { answer, answeredAt } = await ask();
    expect(answer.totalCount).toBe(3);
    expect(answer.interactions).toHaveLength(3);
    expect(answeredAt).toBe(Math.floor(sandbox.clock.now() / 1_000) * 1_000);
  });

  it('is asked for to the letter', async () => {
    const { cxone, sandbox } = await platform(redis);
    await cxone.ask(listInteractions, { query: interactionQuery(7, '2024-01-01T00:00:00.000Z') }, never);
    expect(sandbox.requests.at(-1)?.query).toEqual({
      pageSize: '200',
      page: '7',
      sort: 'timestamp desc',
      returnCount: 'true',
      filter: "timestamp gt '2024-01-01T00:00:00.000Z'",
    });
  });
});

describe('tokens', () => {
  it('are asked for once by callers at once, and kept', async () => {
    const { ask, tokenRequests } = await platform(redis);
    await Promise.all(Array.from({ length: 12 }, () => ask()));
    await ask();
    expect(tokenRequests()).toBe(1);
  });

  it('are refreshed 60 s before they expire, once', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { ask, tokenRequests } = await platform(redis, { tokenLifetimeSeconds: 600 });
    const begin = Date.now();
    await ask();
    vi.setSystemTime(begin + 539_000);
    await ask();
    expect(tokenRequests()).toBe(1);
    vi.setSystemTime(begin + 541_000);
    await Promise.all([ask(), ask(), ask()]);
    expect(tokenRequests()).toBe(2);
  });

  it('that live a minute or less are kept for half of their life', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { ask, tokenRequests } = await platform(redis, { tokenLifetimeSeconds: 30 });
    const begin = Date.now();
    await ask();
    await ask();
    expect(tokenRequests()).toBe(1);
    vi.setSystemTime(begin + 16_000);
    await ask();
    expect(tokenRequests()).toBe(2);
  });

  it('are asked for anew after a failed try', async () => {
    const { ask, sandbox, tokenRequests } = await platform(redis);
    sandbox.failNext({ kind: '5xx', match: services.interactions.tokenPath });
    expect(await codedBy(ask)).toMatchObject({ code: 'PLATFORM_UNAVAILABLE', verdict: 'retry' });
    await ask();
    expect(tokenRequests()).toBe(2);
  });

  it('that were revoked are dropped, and the request is repeated once', async () => {
    const { ask, sandbox, tokenRequests } = await platform(redis);
    await ask();
    sandbox.revokeTokens();
    expect((await ask()).answer.totalCount).toBe(3);
    expect(tokenRequests()).toBe(2);
    expect(sandbox.requests.filter(request => request.path === logPath).map(request => request.status)).toEqual([
      200, 401, 200,
    ]);
  });

  it('are shared again after many callers met a revoked one', async () => {
    const { ask, sandbox, tokenRequests } = await platform(redis);
    await ask();
    sandbox.revokeTokens();
    await Promise.all(Array.from({ length: 8 }, () => ask()));
    expect(tokenRequests()).toBe(2);
  });
});

describe('a refusal', () => {
  it('by a second 401 is a matter of credentials, and final', async () => {
    const { ask, sandbox } = await platform(redis);
    sandbox.failNext({ kind: '401', times: 2 });
    expect(await codedBy(ask)).toMatchObject({ code: 'CREDENTIALS_REFUSED', verdict: 'final' });
    expect(sandbox.requests.filter(request => request.path === logPath)).toHaveLength(2);
  });

  it('of the secret names service, scopes and variables', async () => {
    const { ask } = await platform(redis, {}, { clientSecret: 'wrong' });
    const error = await codedBy(ask);
    expect(error).toMatchObject({ code: 'CREDENTIALS_REFUSED', verdict: 'final' });
    for (const named of [
      'interactions',
      'interactions:read',
      'analytics:read',
      'INTERACTIONS_CLIENT_ID',
      'CXONE_CLIENT_SECRET',
    ])
      expect(error.message).toContain(named);
  });

  it('by 403 names the scopes that the service needs', async () => {
    const { ask, sandbox } = await platform(redis);
    sandbox.failNext({ kind: '403' });
    const error = await codedBy(ask);
    expect(error).toMatchObject({ code: 'SCOPE_MISSING', verdict: 'final' });
    expect(error.message).toContain('interactions:read analytics:read');
  });

  it('of a scope at the token request does too', async () => {
    const { ask } = await platform(redis, { grantedScopes: ['interactions:read'] });
    const error = await codedBy(ask);
    expect(error.code).toBe('SCOPE_MISSING');
    expect(error.message).toContain('interactions:read analytics:read');
  });

  it('by 400 carries the platform’s message', async () => {
    const { cxone } = await platform(redis);
    const error = await codedBy(() => cxone.ask(listInteractions, { query: { page: 'x' } }, never));
    expect(error).toMatchObject({ code: 'PLATFORM_REFUSED', verdict: 'final', where: listInteractions.name });
    expect(error.message).toContain('The query is not valid.');
  });

  it('by 404 is final', async () => {
    const { cxone } = await platform(redis);
    const gone: Endpoint<unknown> = { ...listInteractions, name: 'GET /gone', path: '/gone' };
    expect(await codedBy(() => cxone.ask(gone, {}, never))).toMatchObject({
      code: 'PLATFORM_NOT_FOUND',
      verdict: 'final',
      where: 'GET /gone',
    });
  });
});

describe('trouble', () => {
  it.each([500, 502, 503] as const)('%i is worth a retry', async status => {
    const { ask, sandbox } = await platform(redis);
    sandbox.failNext({ kind: '5xx', status });
    expect(await codedBy(ask)).toMatchObject({ code: 'PLATFORM_UNAVAILABLE', verdict: 'retry' });
    expect((await ask()).answer.totalCount).toBe(3);
  });

  it.each(['before', 'mid-answer'] as const)('a connection dropped %s is worth a retry', async moment => {
    const { ask, sandbox } = await platform(redis);
    await ask();
    sandbox.failNext({ kind: 'drop', moment });
    expect(await codedBy(ask)).toMatchObject({ code: 'PLATFORM_UNAVAILABLE', verdict: 'retry' });
  });

  it('nobody there is worth a retry, and says where', async () => {
    const { ask, sandbox } = await platform(redis);
    await sandbox.close();
    const error = await codedBy(ask);
    expect(error).toMatchObject({ code: 'PLATFORM_UNREACHABLE', verdict: 'retry' });
    expect(error.message).toContain(`127.0.0.1:${sandbox.port}`);
  });

  it('a wrong shape names endpoint and field', async () => {
    const { ask, sandbox } = await platform(redis);
    sandbox.failNext({ kind: 'wrong-shape', body: { interactions: [], totalCount: 'many' } });
    const error = await codedBy(ask);
    expect(error).toMatchObject({ code: 'PLATFORM_WRONG_SHAPE', verdict: 'final', where: listInteractions.name });
    expect(error.message).toContain(listInteractions.name);
    expect(error.message).toContain('totalCount');
  });

  it('no JSON is a wrong shape, and not quoted', async () => {
    const { ask, sandbox } = await platform(redis);
    sandbox.failNext({ kind: 'not-json' });
    const error = await codedBy(ask);
    expect(error.code).toBe('PLATFORM_WRONG_SHAPE');
    expect(error.message).not.toContain('<html>');
  });

  it('a wrong token answer names its field', async () => {
    const { ask, sandbox } = await platform(redis);
    sandbox.failNext({
      kind: 'wrong-shape',
      match: services.interactions.tokenPath,
      body: { access_token: 'tok-123456', token_type: 'Bearer', expires_in: 'soon' },
    });
    const error = await codedBy(ask);
    expect(error.code).toBe('PLATFORM_WRONG_SHAPE');
    expect(error.message).toContain('expires_in');
    expect(inspect(error, { depth: null })).not.toContain('tok-123456');
  });

  it('an abort ends the request with its own reason', async () => {
    const { ask, sandbox } = await platform(redis);
    await ask();
    const stop = new AbortController();
    let met = false;
    sandbox.failNext({ kind: 'hang', match: () => (met = true) });
    const hanging = thrownBy(() => ask(stop.signal));
    await eventually(() => met);
    stop.abort(new Error('enough'));
    expect(await hanging).toMatchObject({ message: 'enough' });
  });
});

describe('a 429', () => {
  it('holds the queue for as long as it says', async () => {
    const { ask, sandbox } = await platform(redis);
    sandbox.failNext({ kind: '429', retryAfter: 7 });
    const notNow = await thrownBy(ask);
    expect(notNow).toBeInstanceOf(NotNow);
    expect(notNow).toMatchObject({ ms: 7_000, who: 'queue' });
  });

  it('reads a date against the answer’s own', async () => {
    const { ask, sandbox } = await platform(redis);
    sandbox.failNext({
      kind: '429',
      retryAfter: new Date(Math.floor(sandbox.clock.now() / 1_000) * 1_000 + 30_000).toUTCString(),
    });
    expect(await thrownBy(ask)).toMatchObject({ ms: 30_000, who: 'queue' });
  });

  it('without a wait makes up its own', async () => {
    const { ask, sandbox } = await platform(redis);
    sandbox.failNext({ kind: '429', retryAfter: null });
    const notNow = await thrownBy(ask);
    expect(notNow).toBeInstanceOf(NotNow);
    if (notNow instanceof NotNow) {
      expect(notNow.ms).toBeGreaterThanOrEqual(1_000);
      expect(notNow.ms).toBeLessThanOrEqual(1_500);
    }
  });

  it('holds the clients of other processes back too, before they send anything', async () => {
    const { ask, sandbox, prefix } = await platform(redis);
    const other = openCxone(
      () => ({ baseUrl: sandbox.url, clientId: sandbox.clientId, clientSecret: sandbox.clientSecret }),
      openBudget(redis.connect(), prefix, defaultLimits),
    );
    sandbox.failNext({ kind: '429', retryAfter: 100 });
    await thrownBy(ask);
    const pages = () => sandbox.requests.filter(request => request.path === logPath).length;
    expect(
      await thrownBy(() => other.ask(listInteractions, { query: interactionQuery(1, null) }, never)),
    ).toMatchObject({
      who: 'queue',
    });
    expect(pages()).toBe(1);
    other.close();
  });

  it('of a token request makes the queue wait, and no other token is asked for meanwhile', async () => {
    const { ask, sandbox } = await platform(redis);
    sandbox.failNext({ kind: '429', retryAfter: 3, match: services.interactions.tokenPath });
    expect(await thrownBy(ask)).toMatchObject({ ms: 3_000, who: 'queue' });
    expect(await thrownBy(ask)).toMatchObject({ who: 'queue' });
    expect(sandbox.requests).toHaveLength(1);
  });
});

describe('no error', () => {
  const faults = [
    { kind: '401', times: 2 },
    { kind: '403' },
    { kind: '429' },
    { kind: '5xx' },
    { kind: 'drop', moment: 'before' },
    { kind: 'drop', moment: 'mid-answer' },
    { kind: 'wrong-shape' },
    { kind: 'not-json' },
  ] as const;

  it('holds a secret or a token, however deep', async () => {
    let seen = 0;
    for (const path of [logPath, services.interactions.tokenPath])
      for (const fault of faults) {
        const { ask, sandbox } = await platform(redis);
        sandbox.failNext({ ...fault, match: path });
        const error = await thrownBy(async () => {
          await ask();
          throw new Error('the fault was met and mended');
        });
        const shown = `${inspect(error, { depth: null, showHidden: true })} ${error instanceof Error ? error.stack : ''} ${JSON.stringify(error)}`;
        expect(shown).not.toContain(secret);
        expect(shown).not.toMatch(/Bearer [\w-]/);
        // A token of the sandbox is 43 characters of base64url.
        expect(shown).not.toMatch(/(?<![\w-])[\w-]{43}(?![\w-])/);
        seen += shown.includes('mended') ? 0 : 1;
      }
    expect(seen).toBe(2 * faults.length);
  });
});
