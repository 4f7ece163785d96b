import { describe, expect, it } from 'vitest';
import { askLog, tenant, tokenOf } from './tenant.ts';

describe('the limit', () => {
  it('lets two requests a second pass, in any trailing second, and does not count refused ones', async () => {
    const sandbox = await tenant({ limits: {} });
    const token = await tokenOf(sandbox);
    const status = async (): Promise<number> => (await askLog(sandbox, token)).status;
    expect(await status()).toBe(200);
    sandbox.clock.advance(600);
    expect(await status()).toBe(200);
    sandbox.clock.advance(399);
    expect(await status()).toBe(429);
    sandbox.clock.advance(1);
    expect(await status()).toBe(200);
    expect(await status()).toBe(429);
    sandbox.clock.advance(600);
    expect(await status()).toBe(200);
  });

  it('says in seconds when to come back', async () => {
    const sandbox = await tenant({ limits: { INTERACTIONS: { count: 1, perMs: 5_000 } } });
    const token = await tokenOf(sandbox);
    await askLog(sandbox, token);
    sandbox.clock.advance(1_500);
    const refused = await askLog(sandbox, token);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('4');
    sandbox.clock.advance(4_000);
    expect((await askLog(sandbox, token)).status).toBe(200);
  });

  it('or as a date, against its own Date header', async () => {
    const sandbox = await tenant({ limits: { INTERACTIONS: { count: 1, perMs: 5_000 } }, retryAfter: 'date' });
    const token = await tokenOf(sandbox);
    await askLog(sandbox, token);
    const refused = await askLog(sandbox, token);
    expect(refused.headers.get('date')).toBe('Wed, 15 May 2024 13:17:21 GMT');
    expect(refused.headers.get('retry-after')).toBe('Wed, 15 May 2024 13:17:27 GMT');
  });

  it('counts what is unauthorized or malformed, but not tokens', async () => {
    const sandbox = await tenant({ limits: { INTERACTIONS: { count: 2, perMs: 1_000 } } });
    const token = await tokenOf(sandbox);
    await tokenOf(sandbox);
    await tokenOf(sandbox);
    expect((await askLog(sandbox, 'wrong')).status).toBe(401);
    expect((await askLog(sandbox, token, { page: '0' })).status).toBe(400);
    expect((await askLog(sandbox, token)).status).toBe(429);
  });

  it('recovers when the clock is set back', async () => {
    const sandbox = await tenant({ limits: {} });
    const token = await tokenOf(sandbox);
    await askLog(sandbox, token);
    await askLog(sandbox, token);
    sandbox.clock.set('2024-05-15T12:00:00.000Z');
    expect((await askLog(sandbox, token)).status).toBe(200);
  });
});
