import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { askLog, askToken, conversations, readPage, tenant, tokenOf } from './tenant.ts';

async function outcome(sandbox: Sandbox, token: string): Promise<string> {
  try {
    const answer = await askLog(sandbox, token);
    await answer.text();
    return String(answer.status);
  } catch {
    return 'dropped';
  }
}

async function outcomes(sandbox: Sandbox, count: number): Promise<string[]> {
  const token = await tokenOf(sandbox);
  const all: string[] = [];
  for (let request = 0; request < count; request++) all.push(await outcome(sandbox, token));
  return all;
}

describe('seeded faults', () => {
  it('are the same with every start, and of all kinds', async () => {
    const faults = { rate: 0.5, seed: 3, slowMs: 1 };
    const first = await outcomes(await tenant({ faults }), 60);
    expect(await outcomes(await tenant({ faults }), 60)).toEqual(first);
    expect(new Set(first)).toEqual(new Set(['200', '500', '502', '503', 'dropped']));
    expect(first.filter(each => each !== '200').length).toBeGreaterThan(10);
    expect(await outcomes(await tenant({ faults: { ...faults, seed: 4 } }), 60)).not.toEqual(first);
  });

  it('are of the chosen kinds only', async () => {
    const sandbox = await tenant({ faults: { rate: 1, seed: 1, kinds: ['drop'] } });
    expect(new Set(await outcomes(sandbox, 10))).toEqual(new Set(['dropped']));
    expect(sandbox.requests.slice(1).every(({ status }) => status === null)).toBe(true);
  });

  it('spare tokens unless they are meant too, and can end', async () => {
    const sandbox = await tenant({ faults: { rate: 1, seed: 1, kinds: ['5xx'] } });
    expect((await askToken(sandbox)).status).toBe(200);
    sandbox.setFaults({ rate: 1, seed: 1, kinds: ['5xx'], tokens: true });
    expect((await askToken(sandbox)).status).toBeGreaterThanOrEqual(500);
    sandbox.setFaults(null);
    expect(await outcomes(sandbox, 1)).toEqual(['200']);
  });

  it('spare the paths that are excepted, and shift nobody else’s luck', async () => {
    const faults = { rate: 0.5, seed: 3, slowMs: 1 };
    const all = await outcomes(await tenant({ faults }), 30);
    expect(await outcomes(await tenant({ faults: { ...faults, except: ['/other'] } }), 30)).toEqual(all);
    const spared = await tenant({ faults: { ...faults, except: ['/api/v2/interactions'] } });
    expect(new Set(await outcomes(spared, 30))).toEqual(new Set(['200']));
  });
});

describe('a programmed fault', () => {
  it('meets as many requests as it says, and those only that match', async () => {
    const sandbox = await tenant();
    const token = await tokenOf(sandbox);
    sandbox.failNext({ kind: '5xx', status: 500, times: 2, match: request => request.query.get('page') === '2' });
    expect((await askLog(sandbox, token, { page: '1' })).status).toBe(200);
    expect((await askLog(sandbox, token, { page: '2' })).status).toBe(500);
    expect((await askLog(sandbox, token, { page: '2' })).status).toBe(500);
    expect((await askLog(sandbox, token, { page: '2' })).status).toBe(200);
  });

  it('spares tokens unless their path is named', async () => {
    const sandbox = await tenant();
    sandbox.failNext({ kind: '5xx' });
    expect((await askToken(sandbox)).status).toBe(200);
    sandbox.failNext({ kind: '5xx', match: '/oauth/token' });
    expect((await askToken(sandbox)).status).toBe(503);
  });

  it('can be a refusal', async () => {
    const sandbox = await tenant();
    const token = await tokenOf(sandbox);
    sandbox.failNext({ kind: '401' });
    sandbox.failNext({ kind: '403' });
    sandbox.failNext({ kind: '429', retryAfter: 7 });
    sandbox.failNext({ kind: '429', retryAfter: null });
    const answers = [
      await askLog(sandbox, token),
      await askLog(sandbox, token),
      await askLog(sandbox, token),
      await askLog(sandbox, token),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 403, 429, 429]);
    expect(answers.map(({ headers }) => headers.get('retry-after'))).toEqual([null, null, '7', null]);
    expect((await askLog(sandbox, token)).status).toBe(200);
  });

  it('can be an answer of a wrong shape, or no JSON', async () => {
    const sandbox = await tenant();
    const token = await tokenOf(sandbox);
    sandbox.failNext({ kind: 'wrong-shape', body: { interactions: 'many' } });
    sandbox.failNext({ kind: 'wrong-shape' });
    sandbox.failNext({ kind: 'not-json' });
    expect(await (await askLog(sandbox, token)).json()).toEqual({ interactions: 'many' });
    expect(await (await askLog(sandbox, token)).json()).not.toHaveProperty('interactions');
    expect(await (await askLog(sandbox, token)).text()).toContain('<html>');
  });

  it('can drop the connection in the middle of an answer', async () => {
    const sandbox = await tenant({ interactions: conversations(200) });
    const token = await tokenOf(sandbox);
    sandbox.failNext({ kind: 'drop', moment: 'mid-answer' });
    const answer = await askLog(sandbox, token);
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
    expect((await readPage(sandbox, token)).totalCount).toBe(200);
  });

  it('can be slow, with the answer computed at once', async () => {
    const sandbox = await tenant();
    const token = await tokenOf(sandbox);
    sandbox.failNext({ kind: 'slow', slowMs: 50 });
    sandbox.onRequest(({ n }) => {
      if (n === 1) setImmediate(() => sandbox.erase(['c1']));
    });
    expect((await readPage(sandbox, token)).totalCount).toBe(3);
    expect(sandbox.size).toBe(2);
  });

  it('can hang until the caller gives up', async () => {
    const sandbox = await tenant();
    const token = await tokenOf(sandbox);
    sandbox.failNext({ kind: 'hang' });
    const url = `${sandbox.url}/api/v2/interactions`;
    const caller = new AbortController();
    sandbox.onRequest(() => void setImmediate(() => caller.abort()));
    await expect(
      fetch(url, { headers: { authorization: `Bearer ${token}` }, signal: caller.signal }),
    ).rejects.toThrow();
    expect((await askLog(sandbox, token)).status).toBe(200);
  });
});
