import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { signHub } from '../../src/platform/webhook-signature.ts';
import { type Api, apiSite, openApi } from './api-site.ts';

const secret = (text: string) => `whsec_${Buffer.from(text).toString('base64')}`;
const [older, newer] = [secret('the older secret of 24 b'), secret('the newer secret of 24 b')];
const path = '/v1/hooks/cognigy';
const json = { 'content-type': 'application/json' };

function alertEvent(number: number, about: Readonly<Record<string, unknown>> = {}) {
  return {
    id: `event-${number}`,
    type: 'agentassist.alert.triggered',
    timestamp: '2026-05-15T12:00:00+02:00',
    data: {
      alertId: `alert-${number}`,
      interactionId: `conv-${number}`,
      emotion: 'anger',
      score: 0.9,
      directive: 'notify',
      threshold: 0.8,
      somethingNew: true,
      ...about,
    },
  };
}

interface Post {
  readonly key?: string;
  readonly id?: string;
  readonly at?: Date;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Posts `body` with a Standard Webhooks signature, by the reference implementation. */
async function post(api: Api, body: string, { key = newer, id = 'msg-1', at = new Date(), headers = {} }: Post = {}) {
  const signed = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(key).sign(id, at, body),
  };
  return await api.ask('POST', path, { body, headers: { ...json, ...signed, ...headers } });
}

const open = async (api: Api) => (await api.ask('GET', '/v1/precision')).body.open;

test('an event is recorded once, and a repetition changes nothing', async () => {
  const api = await openApi(await apiSite(), { changes: { HOOK_SECRET: `${older},${newer}` } });
  const body = JSON.stringify(alertEvent(1));
  const first = await post(api, body);
  expect([first.status, first.body]).toEqual([200, { id: 'msg-1', recorded: true }]);
  const again = await post(api, body, { at: new Date(Date.now() - 60_000) });
  expect([again.status, again.text]).toEqual([204, '']);
  expect((await post(api, JSON.stringify(alertEvent(2)), { id: 'msg-1' })).status).toBe(204);
  expect((await post(api, JSON.stringify(alertEvent(3)), { id: 'msg-3', key: older })).status).toBe(200);
  const update = { id: 'u', type: 'sentiment.calibration.updated', timestamp: '2026-05-15T12:00:00Z' };
  const updated = { ...update, data: { calibrationJobId: 'job', status: 'completed' } };
  expect((await post(api, JSON.stringify(updated), { id: 'msg-4' })).status).toBe(200);
  expect((await post(api, JSON.stringify({ ...update, type: 'else.happened' }), { id: 'msg-5' })).status).toBe(204);

  const { body: page } = await api.ask('GET', '/v1/alerts');
  expect(page).toMatchObject({ alerts: [{ id: 'alert-1' }, { id: 'alert-3' }], next: null });
  expect(page).toMatchObject({ alerts: [{ at: '2026-05-15T10:00:00.000Z', closed: null }, {}] });
});

test('what is not signed, not fresh or not JSON is refused, and nothing is recorded', async () => {
  const api = await openApi(await apiSite(), { changes: { HOOK_SECRET: newer } });
  const body = JSON.stringify(alertEvent(1));
  const now = Date.now();
  const refused: readonly (readonly [number, Awaited<ReturnType<typeof post>>])[] = [
    [401, await post(api, body, { key: older })],
    [401, await post(api, body, { at: new Date(now - 301_000) })],
    [401, await post(api, body, { at: new Date(now + 310_000) })],
    [401, await post(api, body, { headers: { 'webhook-signature': 'v1,short' } })],
    [401, await post(api, body, { headers: { 'webhook-signature': 'nonsense' } })],
    [401, await post(api, body, { headers: { 'webhook-timestamp': 'yesterday' } })],
    [401, await post(api, body, { headers: { 'webhook-id': 'another' } })],
    [401, await api.ask('POST', path, { body, headers: json })],
    [
      401,
      await post(api, `${body} `, {
        headers: { 'webhook-signature': new Webhook(newer).sign('msg-1', new Date(), body) },
      }),
    ],
    [415, await post(api, body, { headers: { 'content-type': 'text/plain' } })],
    [413, await post(api, JSON.stringify({ ...alertEvent(1), long: 'x'.repeat(256 * 1024) }))],
    [400, await post(api, '{"id":"x",}')],
    [400, await post(api, '[]')],
    [400, await post(api, JSON.stringify(alertEvent(1, { emotion: undefined, score: 7 })))],
  ];
  expect(refused.map(([, { status }]) => status)).toEqual(refused.map(([status]) => status));
  for (const [, { headers, text }] of refused) {
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(text).not.toContain('conv-1');
    expect(text).not.toContain(newer);
  }
  const fields = refused.at(-1)?.[1].body;
  expect(fields).toMatchObject({ errors: [{ field: 'data.emotion' }, { field: 'data.score' }] });
  expect(await open(api)).toBe(0);
  expect((await post(api, body)).status).toBe(200);
});

test('the largest body that is accepted is 256 kB', async () => {
  const api = await openApi(await apiSite(), { changes: { HOOK_SECRET: newer } });
  const empty = JSON.stringify({ ...alertEvent(1), long: '' });
  const body = JSON.stringify({ ...alertEvent(1), long: 'x'.repeat(256 * 1024 - empty.length) });
  expect(Buffer.byteLength(body)).toBe(256 * 1024);
  expect((await post(api, body)).status).toBe(200);
});

test('the path does not exist while no secret is set, and needs no key while one is', async () => {
  const site = await apiSite();
  const closed = await openApi(site);
  expect((await post(closed, JSON.stringify(alertEvent(1)))).status).toBe(404);
  await closed.close();
  const keyed = await openApi(site, {
    changes: { HOOK_SECRET: newer, API_KEYS: 'crm:key', OPERATOR_KEYS: 'op:opkey' },
  });
  expect((await post(keyed, JSON.stringify(alertEvent(1)))).status).toBe(200);
  expect((await keyed.ask('GET', '/v1/alerts')).status).toBe(401);
});

test.each([
  [
    'hub-signature-256',
    'a shared secret',
    (body: string) => ({ 'x-hub-signature-256': signHub('a shared secret', body) }),
  ],
  ['basic', 'cognigy:pass', () => ({ authorization: `Basic ${Buffer.from('cognigy:pass').toString('base64')}` })],
])('with %s, repetitions are recognized by the id of the event', async (profile, hookSecret, headersFor) => {
  const api = await openApi(await apiSite(), { changes: { HOOK_PROFILE: profile, HOOK_SECRET: hookSecret } });
  const send = async (body: string, headers: Readonly<Record<string, string>>) =>
    (await api.ask('POST', path, { body, headers: { ...json, ...headers } })).status;
  const body = JSON.stringify(alertEvent(1));
  const wrong = profile === 'basic' ? { authorization: 'Basic eDp5' } : { 'x-hub-signature-256': signHub('x', body) };
  expect(await send(body, wrong)).toBe(401);
  expect(await send(body, headersFor(body))).toBe(200);
  expect(await send(body, headersFor(body))).toBe(204);
  expect(await open(api)).toBe(1);
});

test('outcomes close alerts once, by those who may review', async () => {
  const keys = { API_KEYS: 'crm:key', REVIEWER_USER: 'rev', REVIEWER_PASSWORD: 'password', OPERATOR_KEYS: 'op:opkey' };
  const api = await openApi(await apiSite(), { changes: { HOOK_SECRET: newer, ...keys } });
  await post(api, JSON.stringify(alertEvent(1, { alertId: 'a/b c' })));
  const close = async (id: string, body: unknown, credentials: string) =>
    await api.ask('POST', `/v1/alerts/${encodeURIComponent(id)}/outcome`, {
      json: body,
      headers: { authorization: credentials },
    });
  const [reviewer, requester] = [`Basic ${Buffer.from('rev:password').toString('base64')}`, 'Bearer key'];
  expect((await close('a/b c', { outcome: 'confirmed' }, requester)).status).toBe(403);
  expect((await close('a/b c', { outcome: 'right' }, reviewer)).status).toBe(400);
  expect((await close('unknown', { outcome: 'confirmed' }, reviewer)).status).toBe(404);
  const closed = await close('a/b c', { outcome: 'refuted', reason: 'irony' }, reviewer);
  expect(closed.status).toBe(200);
  expect(closed.body).toMatchObject({ id: 'a/b c', closed: { outcome: 'refuted', by: 'rev', reason: 'irony' } });
  const again = await close('a/b c', { outcome: 'confirmed' }, 'Bearer opkey');
  expect(again.status).toBe(409);
  expect(again.body.detail).toContain('already refuted');
  const precision = await api.ask('GET', '/v1/precision', { headers: { authorization: requester } });
  expect(precision.body).toMatchObject({ refuted: 1, confirmed: 0, open: 0, precision: 0 });
  const listed = async (query: string) =>
    (await api.ask('GET', `/v1/alerts?${query}`, { headers: { authorization: requester } })).body.alerts;
  expect(await listed('state=refuted&emotion=anger&directive=notify&since=2026-05-15T12:00:00%2B02:00')).toHaveLength(
    1,
  );
  expect(await listed('state=open')).toEqual([]);
  expect((await api.ask('GET', '/v1/alerts?cursor=x', { headers: { authorization: requester } })).status).toBe(400);
});
