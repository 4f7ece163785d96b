import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { interactionPage, services, tokenAnswer } from '../../src/platform/endpoints.ts';
import { playedServices, sandboxNotice, startSandbox } from '../../src/sandbox/sandbox.ts';
import { askLog, askToken, builtInTenant, readPage, tenant, tokenOf } from './tenant.ts';

describe('the sandbox', () => {
  it('says that it is one', async () => {
    const sandbox = await tenant();
    const answer = await fetch(sandbox.url);
    expect(answer.headers.get('x-sandbox')).toContain('simulated');
    expect(await answer.json()).toMatchObject({ sandbox: expect.stringContaining('SIMULATED') });
    expect(sandboxNotice(sandbox.url)).toContain('SANDBOX');
  });

  it('names every service that it plays', async () => {
    const sandbox = await tenant();
    const played = z.object({ services: z.array(z.object({ service: z.string() })) });
    const { services: named } = played.parse(await (await fetch(sandbox.url)).json());
    expect(named.map(({ service }) => service)).toEqual(playedServices);
    expect(sandboxNotice(sandbox.url)).toContain(
      `Serving interactions, nlp, training, nlu and cognigy at ${sandbox.url}`,
    );
  });

  it('speaks what the endpoint definitions expect', async () => {
    const sandbox = await builtInTenant();
    const token = tokenAnswer.parse(await (await askToken(sandbox)).json());
    expect(token.scope?.split(' ')).toEqual(services.interactions.scopes);
    const page = interactionPage.parse(await (await askLog(sandbox, token.access_token)).json());
    expect(page.interactions).toHaveLength(200);
  });

  it('answers with the date of its own clock, errors included', async () => {
    const sandbox = await tenant();
    const date = 'Wed, 15 May 2024 13:17:21 GMT';
    expect((await askToken(sandbox)).headers.get('date')).toBe(date);
    expect((await askLog(sandbox, 'x')).headers.get('date')).toBe(date);
    expect((await fetch(`${sandbox.url}/nowhere`)).headers.get('date')).toBe(date);
    sandbox.clock.set('2030-01-01T00:00:00.000Z');
    expect((await askToken(sandbox)).headers.get('date')).toBe('Tue, 01 Jan 2030 00:00:00 GMT');
  });

  it('knows nothing else', async () => {
    const sandbox = await tenant();
    const answer = await fetch(`${sandbox.url}/api/v2/interactions`, { method: 'POST' });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({ message: 'No endpoint at POST /api/v2/interactions.', errors: [] });
    expect((await fetch(`${sandbox.url}/oauth/token`)).status).toBe(404);
    expect((await fetch(`${sandbox.url}//`)).status).toBe(404);
    expect(sandbox.requests.map(({ status }) => status)).toEqual([404, 404, 404]);
  });

  it('runs in real time from the real now by default', async () => {
    const before = Date.now();
    const sandbox = await startSandbox({ interactions: [] });
    expect(sandbox.clock.now()).toBeGreaterThanOrEqual(before);
    expect(sandbox.clock.now()).toBeLessThanOrEqual(Date.now());
    await sandbox.close();
  });

  it('refuses options that make no sense, and a port that is taken', async () => {
    const bad = expect.objectContaining({ code: 'BAD_INPUT' });
    const sandbox = await tenant();
    await expect(startSandbox({ interactions: [], port: sandbox.port })).rejects.toEqual(bad);
    await expect(startSandbox({ interactions: [], holdBack: 2 })).rejects.toEqual(bad);
    await expect(startSandbox({ interactions: [], clock: { start: 'tomorrow' } })).rejects.toEqual(bad);
    await expect(startSandbox({ interactions: [], clock: { rate: -1 } })).rejects.toEqual(bad);
  });

  it('closes at once, with connections that are kept alive and answers that are pending', async () => {
    const sandbox = await startSandbox({ interactions: [] });
    const token = await tokenOf(sandbox);
    sandbox.failNext({ kind: 'hang' });
    const arrived = new Promise(resolve => sandbox.onRequest(resolve));
    const pending = askLog(sandbox, token).then(
      () => 'answered',
      () => 'dropped',
    );
    await arrived;
    await sandbox.close();
    expect(await pending).toBe('dropped');
    await expect(fetch(sandbox.url)).rejects.toThrow();
  });

  it('pages 60,000 interactions about as fast as a few', async () => {
    const interactions = Array.from({ length: 60_000 }, (_, n) => {
      const timestamp = new Date(Date.parse('2024-03-01T00:00:00.000Z') + n * 60_000).toISOString();
      return { id: `i${n}`, timestamp, botId: 'b', rating: null, messages: [] };
    });
    const sandbox = await tenant({ interactions });
    const token = await tokenOf(sandbox);
    // Of this process alone: the machine may be busy with others.
    const began = process.cpuUsage();
    for (const page of ['1', '150', '300', '301']) await readPage(sandbox, token, { page });
    const { user, system } = process.cpuUsage(began);
    expect((user + system) / 4).toBeLessThan(500_000);
  });
});
