import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { services } from '../../src/platform/endpoints.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { json, tenant, tokenOf } from './tenant.ts';

const trailPage = z.object({ items: z.array(z.unknown()), next_cursor: z.string().nullable() });
const path = '/api/v1/agentassist/sentiment/calibration';
const calibration = {
  interaction_ids: ['i1'],
  polarity_matrix: { negative: -0.5, neutral: 0, positive: 0.5 },
  alert_triggers: [{ emotion: 'anger', threshold: 0.8, directive: 'block' }],
  sensitivity_level: 0.5,
  trigger_model_reweight: false,
};
const minimal = { 'x-format-version': '2.1', prefer: 'return=minimal' };

async function call(
  sandbox: Sandbox,
  method: string,
  at: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const token = await tokenOf(sandbox, {}, services.cognigy);
  const sent = body === undefined ? { headers: { authorization: `Bearer ${token}` } } : json(body, token);
  return fetch(`${sandbox.url}${at}`, { method, ...sent, headers: { ...sent.headers, ...headers } });
}

function put(sandbox: Sandbox, key: string, changes: Record<string, unknown> = {}) {
  return call(sandbox, 'PUT', path, { ...calibration, ...changes }, { ...minimal, 'x-idempotency-key': key });
}

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A receiver that answers with the statuses in turn, then with 204. */
async function receiver(...statuses: number[]) {
  const got: { headers: NodeJS.Dict<string | string[]>; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    got.push({ headers: request.headers, body });
    response.writeHead(statuses.shift() ?? 204).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, got };
}

const key = Buffer.from('a secret of the receiver');
const secret = `whsec_${key.toString('base64')}`;
const events = ['sentiment.calibration.updated', 'agentassist.alert.triggered'];

describe('a calibration', () => {
  it('is applied once per key', async () => {
    const sandbox = await tenant();
    const first = await (await put(sandbox, 'k1')).json();
    expect(await (await put(sandbox, 'k1')).json()).toEqual(first);
    expect((await put(sandbox, 'k1', { sensitivity_level: 0.6 })).status).toBe(422);
    expect(await (await put(sandbox, 'k2')).json()).not.toEqual(first);
    expect(sandbox.cognigy.calibrations.puts.map(({ applied }) => applied)).toEqual([true, false, false, true]);
    expect(sandbox.cognigy.calibrations.list()).toHaveLength(2);
  });

  it('is refused for a wrong header, shape or value, and for a token of another service', async () => {
    const sandbox = await tenant({ limits: { CALIBRATION: null } });
    expect((await call(sandbox, 'PUT', path, calibration, minimal)).status).toBe(400);
    expect((await put(sandbox, 'k', { sensitivity_level: 'high' })).status).toBe(400);
    expect((await put(sandbox, 'k', { sensitivity_level: 0.99 })).status).toBe(422);
    const block = [{ emotion: 'anger', threshold: 0.6, directive: 'block' }];
    expect((await put(sandbox, 'k', { alert_triggers: block })).status).toBe(422);
    const token = await tokenOf(sandbox, {}, services.nlu);
    expect((await fetch(`${sandbox.url}${path}`, { method: 'PUT', ...json(calibration, token) })).status).toBe(403);
    expect(sandbox.cognigy.calibrations.list()).toEqual([]);
  });

  it('with a reweight makes others wait until it ends', async () => {
    const sandbox = await tenant({ cognigy: { reweightSeconds: 3, busyRetryAfter: 7 } });
    expect(await (await put(sandbox, 'k1', { trigger_model_reweight: true })).json()).toMatchObject({
      status: 'running',
    });
    const busy = await put(sandbox, 'k2');
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '7']);
    sandbox.clock.advance(3_000);
    const status = await call(sandbox, 'GET', `${path}/jobs/calibration-1`);
    expect(await status.json()).toEqual({ jobId: 'calibration-1', status: 'completed' });
    expect((await put(sandbox, 'k2')).status).toBe(200);
  });

  it('is limited in a sliding window', async () => {
    const sandbox = await tenant({ limits: { CALIBRATION: { count: 2, perMs: 1_000 } } });
    const status = async (each: string) => (await put(sandbox, each)).status;
    expect(await status('a')).toBe(200);
    sandbox.clock.advance(600);
    expect([await status('b'), await status('c')]).toEqual([200, 429]);
    sandbox.clock.advance(400);
    expect([await status('c'), await status('d')]).toEqual([200, 429]);
  });
});

describe('webhooks', () => {
  it('are signed, and repeated until a 2xx', async () => {
    const { url, got } = await receiver(500);
    const sandbox = await tenant({ cognigy: { webhooks: { retryMs: 1 } } });
    await call(sandbox, 'POST', '/api/v1/agentassist/webhooks', { url, events, secret, active: true });
    await put(sandbox, 'k');
    await sandbox.cognigy.webhooks.delivered();
    expect(sandbox.cognigy.webhooks.deliveries.map(({ status }) => status)).toEqual([500, 204]);
    const [first, second] = got;
    expect(second?.body).toBe(first?.body);
    const id = second?.headers['webhook-id'];
    const text = `${id}.${second?.headers['webhook-timestamp']}.${second?.body}`;
    expect(second?.headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(text).digest('base64')}`);
    expect(JSON.stringify(sandbox.requests)).not.toContain(secret);
  });

  it('bring alerts doubled and reordered', async () => {
    const { url, got } = await receiver();
    const sandbox = await tenant({ cognigy: { webhooks: { duplicates: 1, reordered: true, signing: 'basic' } } });
    await call(sandbox, 'POST', '/api/v1/agentassist/webhooks', { url, events, secret: 'me:pass', active: true });
    const ids = sandbox.cognigy.triggerAlerts(2).map(({ id }) => id);
    await sandbox.cognigy.webhooks.delivered();
    expect(got.map(({ body }) => JSON.parse(body).id)).toEqual([ids[1], ids[1], ids[0], ids[0]]);
    expect(got[0]?.headers.authorization).toBe(`Basic ${Buffer.from('me:pass').toString('base64')}`);
  });
});

describe('the audit trail', () => {
  it('has pages, and wrong ones on request', async () => {
    const sandbox = await tenant({ limits: { CALIBRATION: null, AUDIT_TRAIL: null } });
    for (const each of ['a', 'b', 'c']) await put(sandbox, each);
    const page = async (cursor?: string | null) => {
      const more = cursor == null ? '' : `&cursor=${cursor}`;
      const answer = await call(sandbox, 'GET', `/api/v1/audit/sentiment/calibration?limit=2${more}`);
      return trailPage.parse(await answer.json());
    };
    const first = await page();
    expect(first.items).toMatchObject([{ idempotencyKey: 'a' }, { idempotencyKey: 'b' }]);
    expect(await page(first.next_cursor)).toMatchObject({ items: [{ idempotencyKey: 'c' }], next_cursor: null });
    sandbox.cognigy.trail.setTrouble('empty-page');
    const gap = await page((await page()).next_cursor);
    expect(gap.items).toEqual([]);
    expect((await page(gap.next_cursor)).items).toMatchObject([{ idempotencyKey: 'c' }]);
    sandbox.cognigy.trail.setTrouble('repeated-cursor');
    const repeated = (await page()).next_cursor;
    expect((await page(repeated)).next_cursor).toBe(repeated);
  });
});
