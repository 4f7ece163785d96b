import { describe, expect, it } from 'vitest';
import { services } from '../../src/platform/endpoints.ts';
import { askIntents, askLog, askToken, nlpToken, tenant, tokenOf } from './tenant.ts';

describe('tokens', () => {
  it('are granted to the client with the scopes it asked for', async () => {
    const sandbox = await tenant({ tokenLifetimeSeconds: 600 });
    const answer = await askToken(sandbox);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toEqual({
      access_token: expect.stringMatching(/^[\w-]{43}$/),
      token_type: 'Bearer',
      expires_in: 600,
      scope: 'interactions:read analytics:read',
    });
  });

  it('differ each time', async () => {
    const sandbox = await tenant();
    expect(await tokenOf(sandbox)).not.toBe(await tokenOf(sandbox));
  });

  it.each([
    ['no grant type', { grant_type: undefined }, 400, 'invalid_request'],
    ['another grant type', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['an unknown client', { client_id: 'somebody' }, 401, 'invalid_client'],
    ['no client', { client_id: undefined }, 401, 'invalid_client'],
    ['a wrong secret', { client_secret: 'guess' }, 401, 'invalid_client'],
    ['no secret', { client_secret: '' }, 401, 'invalid_client'],
    ['an unknown scope', { scope: 'interactions:read interactions:write' }, 400, 'invalid_scope'],
  ])('are refused for %s', async (_case, changes, status, error) => {
    const answer = await askToken(await tenant(), changes);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ error, error_description: expect.any(String) });
  });

  it('are refused for a body that is no form, and for a parameter given twice', async () => {
    const sandbox = await tenant();
    const json = await fetch(`${sandbox.url}${services.nlp.tokenPath}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ grant_type: 'client_credentials', client_id: 'sandbox', client_secret: 'sandbox-secret' }),
    });
    expect(json.status).toBe(400);
    expect(await json.json()).toMatchObject({ error: 'invalid_request' });

    const twice = await fetch(`${sandbox.url}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: 'grant_type=client_credentials&grant_type=client_credentials&client_id=sandbox&client_secret=sandbox-secret',
    });
    expect(await twice.json()).toMatchObject({ error: 'invalid_request' });
  });

  it('take their credentials from the options', async () => {
    const sandbox = await tenant({ clientId: 'me', clientSecret: 'a secret & more' });
    expect((await askToken(sandbox)).status).toBe(200);
    expect((await askToken(sandbox, { client_id: 'sandbox', client_secret: 'sandbox-secret' })).status).toBe(401);
  });

  it('hold only what the client was granted, and then do not open the log', async () => {
    const sandbox = await tenant({ grantedScopes: ['interactions:read'] });
    expect(await (await askToken(sandbox)).json()).toMatchObject({ scope: 'interactions:read' });
    const answer = await askLog(sandbox, await tokenOf(sandbox));
    expect(answer.status).toBe(403);
    expect(answer.headers.get('www-authenticate')).toContain('insufficient_scope');
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining('analytics:read') });
  });

  it('hold all that the client was granted when no scope is asked for', async () => {
    const answer = await askToken(await tenant(), { scope: undefined });
    expect(await answer.json()).toMatchObject({ scope: 'interactions:read analytics:read nlu:entities:extract' });
  });

  it('expire by the clock of the sandbox', async () => {
    const sandbox = await tenant({ tokenLifetimeSeconds: 60 });
    const token = await tokenOf(sandbox);
    sandbox.clock.advance(59_999);
    expect((await askLog(sandbox, token)).status).toBe(200);
    sandbox.clock.advance(1);
    const answer = await askLog(sandbox, token);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
    expect((await askLog(sandbox, await tokenOf(sandbox))).status).toBe(200);
  });

  it('can be revoked, are refused when unknown, and are asked for when missing', async () => {
    const sandbox = await tenant();
    const token = await tokenOf(sandbox);
    sandbox.revokeTokens();
    expect((await askLog(sandbox, token)).status).toBe(401);
    expect((await askLog(sandbox, 'invented')).status).toBe(401);
    const without = await fetch(`${sandbox.url}/api/v2/interactions`);
    expect(without.status).toBe(401);
    expect(without.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it('of the nlp service come from its own path, with its own scopes', async () => {
    const sandbox = await tenant();
    expect(await (await askToken(sandbox, {}, services.nlp)).json()).toMatchObject({
      scope: 'ai:nlp:read ai:nlp:write ai:bot:read',
    });
    const others = { scope: services.interactions.scopes.join(' ') };
    expect(await (await askToken(sandbox, others, services.nlp)).json()).toMatchObject({ error: 'invalid_scope' });
    expect(sandbox.requests.map(({ path }) => path)).toEqual(['/api/v2/oauth/token', '/api/v2/oauth/token']);
  });

  it('of the training service are asked for in JSON, at the path of the interactions, with its own scopes', async () => {
    const sandbox = await tenant();
    const own = services.training.scopes.join(' ');
    expect(await (await askToken(sandbox, {}, services.training)).json()).toMatchObject({ scope: own });
    const others = { scope: 'interactions:read' };
    expect(await (await askToken(sandbox, others, services.training)).json()).toMatchObject({ error: 'invalid_scope' });
    expect(await (await askToken(sandbox, { scope: own })).json()).toMatchObject({ error: 'invalid_scope' });
  });

  it('of one service do not open another', async () => {
    const sandbox = await tenant();
    expect((await askIntents(sandbox, await tokenOf(sandbox))).status).toBe(403);
    expect((await askLog(sandbox, await nlpToken(sandbox))).status).toBe(403);
    expect((await askIntents(sandbox, await nlpToken(sandbox))).status).toBe(200);
  });

  it('and secrets are not in the log of requests', async () => {
    const sandbox = await tenant();
    const token = await tokenOf(sandbox);
    await askLog(sandbox, token);
    const logged = JSON.stringify(sandbox.requests);
    expect(logged).not.toContain(token);
    expect(logged).not.toContain(sandbox.clientSecret);
    expect(sandbox.requests.map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual([
      'POST /oauth/token 200',
      'GET /api/v2/interactions 200',
    ]);
    expect(sandbox.requests[1]?.query).toMatchObject({ page: '1', sort: 'timestamp desc' });
    expect(sandbox.requests[1]?.at).toBe('2024-05-15T13:17:21.123Z');
  });
});
