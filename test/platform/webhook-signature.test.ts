import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import {
  type HookProfile,
  openHookVerifier,
  parseWebhookSecret,
  type RequestHeaders,
  type SignedHeaders,
  signHub,
  signWebhook,
  verifyWebhook,
} from '../../src/platform/webhook-signature.ts';
import { codedBy } from '../thrown.ts';

const secretOf = (bytes: Buffer) => `whsec_${bytes.toString('base64')}`;
const [secret, next, foreign] = [1, 2, 3].map(each => secretOf(Buffer.alloc(32, each)));
if (secret === undefined || next === undefined || foreign === undefined) throw new Error('three secrets');

const now = Date.parse('2024-05-15T12:00:00.500Z');
const seconds = Math.floor(now / 1000);
const body = Buffer.from('{"type":"agentassist.alert.triggered","text":"remboursé"}');
const key = (text: string) => parseWebhookSecret(text, 'WEBHOOK_SECRET');

function signed(secrets: readonly string[], timestamp = seconds): SignedHeaders {
  return signWebhook(secrets.map(key), { id: 'evt_1', timestamp, body });
}

/** The id, or why it is refused. */
function verified(headers: RequestHeaders, of: string | undefined = secret, content = body): string | null {
  const result = openHookVerifier('standard-webhooks', of ?? '')({ headers, body: content, now });
  return result.ok ? result.id : `refused: ${result.reason}`;
}

describe('a signed webhook', () => {
  it('is accepted by the reference, and the reference’s by us', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 64 }).map(each => Buffer.from(each));
    const id = fc.stringMatching(/^[A-Za-z0-9._-]{1,40}$/);
    fc.assert(
      fc.property(bytes, id, fc.string({ unit: 'grapheme' }), (bytes, id, text) => {
        const reference = new Webhook(secretOf(bytes));
        const clock = Math.floor(Date.now() / 1000);
        const headers = signWebhook([bytes], { id, timestamp: clock, body: text });
        reference.verify(text, { ...headers }, { jsonParse: false });
        expect(headers['webhook-signature']).toBe(reference.sign(id, new Date(clock * 1000), text));
        expect(verifyWebhook([bytes], { headers: { ...headers }, body: Buffer.from(text), now: clock * 1000 })).toEqual(
          {
            ok: true,
            id,
          },
        );
      }),
    );
  });

  it('has the signature of the documents', () => {
    const example = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' };
    expect(signWebhook([key(example)], message)['webhook-signature']).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('is accepted with either secret during rotation, on both sides', () => {
    expect(verified({ ...signed([secret]) }, `${secret},${next}`)).toBe('evt_1');
    expect(verified({ ...signed([next]) }, `${secret}, ${next}`)).toBe('evt_1');
    expect(verified({ ...signed([secret, next]) }, next)).toBe('evt_1');
    expect(verified({ ...signed([secret, next]) }, secret)).toBe('evt_1');
    expect(verified({ ...signed([secret]) }, next)).toBe('refused: wrong');
    expect(verified({ ...signed([foreign]) }, `${secret},${next}`)).toBe('refused: wrong');
    const both = signed([secret, next]);
    expect(both['webhook-signature'].split(' ')).toEqual(
      [secret, next].map(each => new Webhook(each).sign('evt_1', new Date(now), body.toString())),
    );
  });

  it('may have signatures of other versions, and broken ones, beside the right one', () => {
    const headers = signed([secret]);
    const right = headers['webhook-signature'];
    const wrong = signed([foreign])['webhook-signature'];
    for (const signatures of [
      `v1a,abc ${right}`,
      `${right} ${wrong}`,
      `${wrong} ${right}`,
      `v1, ${right}`,
      `x ${right}`,
    ])
      expect(verified({ ...headers, 'webhook-signature': signatures }), signatures).toBe('evt_1');
    for (const signatures of [right.replace('v1,', 'v2,'), right.slice(3), right.slice(0, -8), 'v1', ',', ' '])
      expect(verified({ ...headers, 'webhook-signature': signatures }), signatures).toBe('refused: malformed');
  });

  it('is accepted up to 5 minutes before and after our time', () => {
    const at = (offset: number) => verified({ ...signed([secret], seconds + offset) });
    expect([-300, 0, 300].map(at)).toEqual(['evt_1', 'evt_1', 'evt_1']);
    expect([-301, 301].map(at)).toEqual(['refused: too-old', 'refused: too-new']);
  });

  it('is refused where anything that is signed differs', () => {
    const headers = { ...signed([secret]) };
    expect(verified(headers)).toBe('evt_1');
    expect(verified({ ...headers, 'webhook-id': 'evt_2' })).toBe('refused: wrong');
    expect(verified({ ...headers, 'webhook-timestamp': String(seconds + 1) })).toBe('refused: wrong');
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const altered = Buffer.from(body);
        altered[place] = (altered[place] ?? 0) ^ change;
        expect(verified(headers, secret, altered)).toBe('refused: wrong');
      }),
    );
  });

  it('is refused without a header, or with one of another form', () => {
    const headers = { ...signed([secret]) };
    for (const name of Object.keys(headers)) {
      expect(verified({ ...headers, [name]: undefined }), name).toBe('refused: missing');
      expect(verified({ ...headers, [name]: '' }), name).toBe('refused: missing');
      expect(verified({ ...headers, [name]: ['a', 'b'] }), name).toBe('refused: malformed');
    }
    for (const timestamp of ['now', '1.5', '-1', '1e9', `${seconds} `, `0x${seconds.toString(16)}`, '9'.repeat(400)])
      expect(verified({ ...headers, 'webhook-timestamp': timestamp }), timestamp).toBe('refused: malformed');
    expect(verified({ ...headers, 'webhook-id': 'x'.repeat(257) })).toBe('refused: malformed');
  });
});

describe('X-Hub-Signature-256', () => {
  const verify = (value: string | string[] | undefined, secrets = 'first,second') =>
    openHookVerifier('hub-signature-256', secrets)({ headers: { 'x-hub-signature-256': value }, body, now });
  const right = `sha256=${createHmac('sha256', 'first').update(body).digest('hex')}`;

  it('is the HMAC of the body, with either secret during rotation', () => {
    expect(signHub('first', body)).toBe(right);
    for (const header of [right, signHub('second', body)]) expect(verify(header)).toEqual({ ok: true, id: null });
    expect(verify(signHub('third', body))).toEqual({ ok: false, reason: 'wrong' });
    expect(verify(signHub('first', `${body} `))).toEqual({ ok: false, reason: 'wrong' });
  });

  it('is refused where it is missing or of another form', () => {
    for (const header of [undefined, '']) expect(verify(header)).toEqual({ ok: false, reason: 'missing' });
    for (const header of [right.slice(7), right.slice(0, -1), `${right}0`, right.replace('256', '1'), [right, right]])
      expect(verify(header)).toEqual({ ok: false, reason: 'malformed' });
  });
});

describe('HTTP Basic', () => {
  const verify = (authorization: string | undefined, logins = 'alice:se:cret,bob:other') =>
    openHookVerifier('basic', logins)({ headers: { authorization }, body, now });
  const basic = (login: string) => `Basic ${Buffer.from(login).toString('base64')}`;

  it('is accepted for either login during rotation', () => {
    for (const header of [basic('alice:se:cret'), basic('bob:other').replace('Basic', 'basic')])
      expect(verify(header)).toEqual({ ok: true, id: null });
    for (const login of ['alice:', 'alice:se', 'alice:other', 'alice:se:cret ', 'Alice:se:cret', ':'])
      expect(verify(basic(login)), login).toEqual({ ok: false, reason: 'wrong' });
  });

  it('is refused where it is missing or of another form', () => {
    expect(verify(undefined)).toEqual({ ok: false, reason: 'missing' });
    for (const header of ['Bearer x', 'Basic', 'Basic %%%', basic('alice'), `Basic ${' '.repeat(60_000)}x y`])
      expect(verify(header), header.slice(0, 20)).toEqual({ ok: false, reason: 'malformed' });
  });
});

describe('secrets', () => {
  it.each<[HookProfile, string]>([
    ['standard-webhooks', ''],
    ['standard-webhooks', 'hunter2'],
    ['standard-webhooks', 'whsec_'],
    ['standard-webhooks', 'whsec_hunter2%'],
    ['standard-webhooks', `${secret},`],
    ['standard-webhooks', `${secret},hunter2`],
    ['standard-webhooks', `${secret},${next},${foreign}`],
    ['hub-signature-256', ''],
    ['hub-signature-256', 'hunter2,,'],
    ['basic', 'hunter2'],
    ['basic', ':hunter2'],
    ['basic', 'alice:'],
  ])('are refused that do not fit %s: %s, and are not repeated', async (profile, value) => {
    const error = await codedBy(() => openHookVerifier(profile, value));
    expect(error).toMatchObject({ code: 'BAD_CONFIG', where: 'HOOK_SECRET' });
    expect(error.message).not.toContain('hunter2');
  });

  it('may have their padding left out, as the reference does not allow', () => {
    const padded = secretOf(Buffer.alloc(16, 7));
    expect(key(padded.replace(/=+$/, ''))).toEqual(key(padded));
    expect(key('whsec_a1b2c3d4')).toHaveLength(6);
  });
});
