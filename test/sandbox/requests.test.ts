import { describe, expect, it } from 'vitest';
import { type LoggedRequest, RequestLog } from '../../src/sandbox/kernel/requests.ts';
import { askLog, nlpToken, putConfig, tenant, tokenOf } from './tenant.ts';

describe('the log of requests', () => {
  it('has what was sent to endpoints, whatever became of it', async () => {
    const sandbox = await tenant();
    const token = await nlpToken(sandbox);
    sandbox.failNext({ kind: 'drop' });
    await putConfig(sandbox, token, '{"first":1}').catch(() => undefined);
    await putConfig(sandbox, token, '{"second":2}');
    await askLog(sandbox, await tokenOf(sandbox));
    expect(sandbox.requests.map(({ path, status, body }) => [path, status, body])).toEqual([
      ['/api/v2/oauth/token', 200, null],
      ['/api/v2/ai/nlp/config', null, '{"first":1}'],
      ['/api/v2/ai/nlp/config', 400, '{"second":2}'],
      ['/oauth/token', 200, null],
      ['/api/v2/interactions', 200, null],
    ]);
  });

  it('has nothing of a token request that went astray', async () => {
    const sandbox = await tenant();
    const body = new URLSearchParams({ client_secret: sandbox.clientSecret });
    expect((await fetch(`${sandbox.url}/api/v3/oauth/token`, { method: 'POST', body })).status).toBe(404);
    expect((await fetch(sandbox.url, { method: 'POST', body })).status).toBe(404);
    expect(JSON.stringify(sandbox.requests)).not.toContain(sandbox.clientSecret);
  });

  it('lets go of the oldest bodies when there are too many', () => {
    const log = new RequestLog();
    const request: LoggedRequest = { method: 'PUT', path: '/', query: {}, body: null, status: 200, at: '' };
    const mebi = 1024 * 1024;
    for (const size of [1, 31 * mebi, mebi, mebi]) log.add({ ...request, body: 'x'.repeat(size) });
    expect(log.entries.map(({ body }) => body?.length ?? null)).toEqual([null, null, mebi, mebi]);
    log.add({ ...request, body: 'x'.repeat(33 * mebi) });
    log.add({ ...request, body: 'last' });
    expect(log.entries.map(({ body }) => body?.length ?? null)).toEqual([null, null, null, null, null, 4]);
  });
});
