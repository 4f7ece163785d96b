import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { NotNow } from '../../../src/errors.ts';
import type { Budget } from '../../../src/platform/budget.ts';
import { openWebhooks } from '../../../src/platform/webhooks.ts';
import { openOutbox } from '../../../src/store/webhooks/outbox.ts';
import { memoryStore } from '../../store/audit/memory-store.ts';
import { codedBy, thrownBy } from '../../thrown.ts';
import { type Answer, openReceiver, type Posted } from '../../webhook-receiver.ts';

const signal = new AbortController().signal;
/** Standard Webhooks secrets: the old one during rotation, and the new one. */
const [older, newer] = ['b2xkZXIgc2VjcmV0IG9mIDI0IGI=', 'bmV3ZXIgc2VjcmV0IG9mIDI0IGI='].map(key => `whsec_${key}`);

const message = { target: 'notify', id: 'run-failed.demo.1', body: '{"text":"ä"}' } as const;

async function opened(secret: string | null = String(newer)) {
  const receiver = await openReceiver();
  const taken: string[] = [];
  const budget: Budget = {
    take: async family => void taken.push(family),
    hold: async () => undefined,
    heldMs: async () => 0,
  };
  return { receiver, taken, webhooks: openWebhooks({ notify: receiver.url, analytics: null, secret }, budget) };
}

describe('a message', () => {
  it('is posted as it is, with its id, the time and a signature over both and the body', async () => {
    const { receiver, webhooks, taken } = await opened();
    const before = Math.floor(Date.now() / 1000);
    expect(await webhooks.send(message, signal)).toBe(204);
    const [posted] = receiver.posted;
    expect(posted?.body).toBe(message.body);
    const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = posted?.headers ?? {};
    expect(id).toBe(message.id);
    expect(Number(timestamp)).toBeGreaterThanOrEqual(before);
    expect(Number(timestamp)).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000));
    expect(signature).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/);
    expect(isVerified(newer, posted)).toBe(true);
    expect(isVerified(older, posted)).toBe(false);
    expect(posted?.headers['content-type']).toBe('application/json');
    expect(taken).toEqual(['WEBHOOKS']);
  });

  it('is signed with both secrets during rotation, and has the same id each time', async () => {
    const { receiver, webhooks } = await opened(`${older},${newer}`);
    receiver.answerNext({ status: 500 }, { status: 204 });
    expect((await codedBy(() => webhooks.send(message, signal))).code).toBe('WEBHOOK_UNAVAILABLE');
    await webhooks.send(message, signal);
    expect(receiver.posted.map(({ headers }) => headers['webhook-id'])).toEqual([message.id, message.id]);
    for (const posted of receiver.posted) {
      expect(isVerified(older, posted)).toBe(true);
      expect(isVerified(newer, posted)).toBe(true);
    }
  });

  it('goes unsigned without a secret', async () => {
    const { receiver, webhooks } = await opened(null);
    await webhooks.send(message, signal);
    expect(receiver.posted[0]?.headers).not.toHaveProperty('webhook-signature');
  });

  it('waits where it is told to, and by itself where it is not told how long', async () => {
    const { receiver, webhooks } = await opened();
    receiver.answerNext({ status: 429, headers: { 'retry-after': '7' } }, { status: 429 });
    const first = await thrownBy(() => webhooks.send(message, signal));
    expect(first).toBeInstanceOf(NotNow);
    expect(first).toMatchObject({ ms: 7_000, who: 'job' });
    expect(await thrownBy(() => webhooks.send(message, signal))).toMatchObject({ ms: 30_000, who: 'job' });
  });

  it.each<[Answer | null, string]>([
    [{ status: 500 }, 'WEBHOOK_UNAVAILABLE'],
    [{ status: 503 }, 'WEBHOOK_UNAVAILABLE'],
    [null, 'WEBHOOK_UNAVAILABLE'],
    [{ status: 400 }, 'WEBHOOK_REFUSED'],
    [{ status: 404 }, 'WEBHOOK_REFUSED'],
    [{ status: 301, headers: { location: '/elsewhere' } }, 'WEBHOOK_REFUSED'],
  ])('that is answered %j is %s, and the URL stays untold', async (answer, code) => {
    const { receiver, webhooks } = await opened();
    receiver.answerNext(answer);
    const error = await codedBy(() => webhooks.send(message, signal));
    expect(error.code).toBe(code);
    expect(error.message).toContain(new URL(receiver.url).host);
    expect(error.message).not.toMatch(/top-secret|looked at/);
    expect(error.cause).toBeUndefined();
    expect(receiver.posted).toHaveLength(1);
  });

  it('finds nobody at a port that is closed, and no way to a target that is not set', async () => {
    const { webhooks } = await opened();
    expect((await codedBy(() => webhooks.send({ ...message, target: 'analytics' }, signal))).code).toBe(
      'WEBHOOK_REFUSED',
    );
    const nowhere = openWebhooks(
      { notify: 'http://127.0.0.1:9/x', analytics: null, secret: null },
      {
        take: async () => undefined,
        hold: async () => undefined,
        heldMs: async () => 0,
      },
    );
    expect((await codedBy(() => nowhere.send(message, signal))).message).toMatch(/ECONNREFUSED/);
  });
});

/** As a receiver verifies it, with the reference implementation. */
function isVerified(secret: string | undefined, posted: Posted | undefined): boolean {
  const headers = Object.fromEntries(
    Object.entries(posted?.headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
  try {
    new Webhook(String(secret)).verify(posted?.body ?? '', headers);
    return true;
  } catch {
    return false;
  }
}

describe('the outbox', () => {
  it('keeps the body of the first time, and knows what was delivered', async () => {
    const outbox = openOutbox(memoryStore());
    await outbox.put('notify', 'a.b', 'first');
    await outbox.put('notify', 'a.b', 'second');
    expect((await outbox.read('notify', 'a.b')).body).toBe('first');
    expect(await outbox.isDelivered('notify', 'a.b')).toBe(false);
    await outbox.noteDelivered('notify', 'a.b');
    expect(await outbox.isDelivered('notify', 'a.b')).toBe(true);
    expect(await outbox.isDelivered('analytics', 'a.b')).toBe(false);
  });
});
