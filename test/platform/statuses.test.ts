import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { NotNow } from '../../src/errors.ts';
import { openBudget } from '../../src/platform/budget.ts';
import { openCxone } from '../../src/platform/client.ts';
import { defaultLimits, interactionQuery, listInteractions } from '../../src/platform/endpoints.ts';
import { eventually } from '../eventually.ts';
import { useRedis } from '../redis-server.ts';
import { codedBy, thrownBy } from '../thrown.ts';
import { type Answer, json, wireServer } from './wire-server.ts';

const redis = useRedis();
const page = json({ interactions: [], totalCount: 0 });
const token = (change: object = {}) =>
  json({ access_token: 'token-1', token_type: 'Bearer', expires_in: 3600, ...change });

/** A client of a server that answers token requests with `token`, and others with `answers`, one after the other. */
async function client(tokenAnswer: Answer, ...answers: Answer[]) {
  let calls = 0;
  const server = await wireServer((request, response) => {
    if (request.url === '/oauth/token') return tokenAnswer(request, response);
    calls++;
    answers[Math.min(calls, answers.length) - 1]?.(request, response);
  });
  const limits = { ...defaultLimits, INTERACTIONS: { count: 10_000, perMs: 1_000 } };
  const budget = openBudget(redis.connect(), redis.prefix(), limits);
  const credentials = { baseUrl: server.url, clientId: 'id', clientSecret: 'hush-4f1c' };
  const cxone = openCxone(() => credentials, budget);
  onTestFinished(() => cxone.close());
  const ask = () => cxone.ask(listInteractions, { query: interactionQuery(1, null) }, new AbortController().signal);
  const tokens = () => server.seen.filter(({ path }) => path === '/oauth/token').length;
  const isHeld = async () => (await budget.heldMs('INTERACTIONS')) > 0;
  return { ask, tokens, isHeld };
}

describe('a status', () => {
  it.each([408, 425, 500, 502, 504])('%i is worth a retry', async status => {
    const { ask } = await client(token(), json({}, status), page);
    expect(await codedBy(ask)).toMatchObject({ code: 'PLATFORM_UNAVAILABLE', verdict: 'retry', status });
    expect((await ask()).answer.totalCount).toBe(0);
  });

  it.each([301, 302, 303, 307, 308])(
    '%i is final: it names the host and the setting, and is not followed',
    async status => {
      const elsewhere = await wireServer(page);
      const location = `${elsewhere.url}/login?session=hush-4f1c`;
      const { ask } = await client(token(), json({}, status, { location }));
      const error = await codedBy(ask);
      expect(error).toMatchObject({ code: 'PLATFORM_REFUSED', verdict: 'final', status });
      expect(error.message).toContain(`127.0.0.1:${elsewhere.port}`);
      expect(error.message).toContain('INTERACTIONS_BASE_URL');
      expect(error.message).not.toContain('hush');
      expect(elsewhere.seen).toEqual([]);
    },
  );

  it('302 of a token request is too, and the secret goes nowhere', async () => {
    const elsewhere = await wireServer(token());
    const { ask } = await client(json({}, 302, { location: elsewhere.url }), page);
    const error = await codedBy(ask);
    expect(error).toMatchObject({ code: 'PLATFORM_REFUSED', verdict: 'final' });
    expect(error.message).toContain(`127.0.0.1:${elsewhere.port}`);
    expect(elsewhere.seen).toEqual([]);
  });

  it('302 to a path names no host', async () => {
    const { ask } = await client(token(), json({}, 302, { location: '/login' }));
    expect((await codedBy(ask)).message).toContain('a path of the same host');
  });

  it.each([
    ['a request', false],
    ['a token request', true],
  ])('503 with Retry-After, of %s, makes the queue wait', async (_, isToken) => {
    const busy = json({}, 503, { 'retry-after': '7' });
    const { ask } = isToken ? await client(busy) : await client(token(), busy);
    const notNow = await thrownBy(ask);
    expect(notNow).toBeInstanceOf(NotNow);
    expect(notNow).toMatchObject({ ms: 7_000, who: 'queue' });
  });

  it('503 with Retry-After is waited for 15 minutes in all; then it counts as a failure', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { ask, isHeld } = await client(token(), json({}, 503, { 'retry-after': '0.001' }));
    expect(await thrownBy(ask)).toBeInstanceOf(NotNow);
    await eventually(async () => !(await isHeld()));
    vi.advanceTimersByTime(14 * 60_000);
    expect(await thrownBy(ask)).toBeInstanceOf(NotNow);
    await eventually(async () => !(await isHeld()));
    vi.advanceTimersByTime(61_000);
    expect(await codedBy(ask)).toMatchObject({ code: 'PLATFORM_UNAVAILABLE', verdict: 'retry', status: 503 });
  });

  it('503 without Retry-After is worth a retry', async () => {
    const { ask } = await client(token(), json({}, 503));
    expect(await codedBy(ask)).toMatchObject({ code: 'PLATFORM_UNAVAILABLE', verdict: 'retry' });
  });
});

describe('a token', () => {
  it.each<[string, object]>([
    ['of a minute', { expires_in: 60 }],
    ['of half a minute', { expires_in: 30 }],
    ['whose life is a string', { expires_in: '3600' }],
    ['whose life is left out', { expires_in: undefined }],
    ['whose life is null', { expires_in: null }],
    ['with an empty scope', { scope: '' }],
    ['whose scope is null', { scope: null }],
    ['whose scopes are separated by commas', { scope: 'interactions:read, analytics:read' }],
    ['without a type', { token_type: undefined }],
  ])('%s is used for many requests', async (_, change) => {
    const { ask, tokens } = await client(token(change), page);
    for (let count = 0; count < 11; count++) await ask();
    expect(tokens()).toBe(1);
  });

  it.each([
    [600, 539, 541],
    [60, 29, 31],
    [undefined, 239, 241],
  ])('that lives %s s is refreshed min(60 s, half its life) before its end', async (expires_in, still, due) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const { ask, tokens } = await client(token({ expires_in }), page);
    const begin = Date.now();
    await ask();
    vi.setSystemTime(begin + still * 1_000);
    await ask();
    expect(tokens()).toBe(1);
    vi.setSystemTime(begin + due * 1_000);
    await ask();
    expect(tokens()).toBe(2);
  });

  it.each([
    { expires_in: 'soon' },
    { expires_in: 0 },
    { expires_in: -1 },
    { access_token: 'two\nlines' },
    { access_token: '' },
  ])('of a wrong shape is refused: %o', async change => {
    const { ask } = await client(token(change), page);
    expect(await codedBy(ask)).toMatchObject({ code: 'PLATFORM_WRONG_SHAPE', verdict: 'final' });
  });
});

it('names five problems of an answer at most', async () => {
  const { ask } = await client(token(), json({ interactions: 'x'.repeat(9_000), totalCount: 'many' }));
  const error = await codedBy(ask);
  expect(error.message).toContain('totalCount');
  expect(error.message.length).toBeLessThan(1_000);
});
