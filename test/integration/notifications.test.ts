import { Webhook } from 'standardwebhooks';
import { expect, test, vi } from 'vitest';
import { deliverWebhook } from '../../jobs/deliver-webhook/job.ts';
import { trainingSpec } from '../../jobs/flows/training/request.ts';
import { rollbackSpec } from '../../jobs/flows/tuning/request.ts';
import type { App } from '../../src/app/app.ts';
import { type Notification, notification } from '../../src/domain/notification/notification.ts';
import type { JobSpec } from '../../src/runtime/job-spec.ts';
import { bullQueue } from '../../src/runtime/queues.ts';
import { openReceiver, type Receiver } from '../webhook-receiver.ts';
import { conversations } from './conversations.ts';
import { curate, frozenTenant, idle, openSite, type Site, timeouts } from './site.ts';

const secret = `whsec_${Buffer.from('a secret that is not printed').toString('base64')}`;

function told({ posted }: Receiver): Notification[] {
  return posted.map(({ body }) => notification.parse(JSON.parse(body)));
}

async function listening(site: Site): Promise<{ app: App; receiver: Receiver }> {
  const receiver = await openReceiver();
  const app = await site.workingHouse({ NOTIFY_WEBHOOK_URL: receiver.url, WEBHOOK_SECRET: secret });
  return { app, receiver };
}

/** Has the order done until it fails for good. */
async function failed({ queues }: App, spec: JobSpec): Promise<void> {
  await queues.enqueue([spec], { restart: 'failed' });
  await vi.waitUntil(async () => (await bullQueue(queues, spec.queue).getJobState(spec.id)) === 'failed', timeouts);
}

test('a run that fails in several jobs is told once, signed, and again when it fails anew', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(650) }));
  const { app, receiver } = await listening(site);
  let broken = true;
  site.sandbox.failNext({
    kind: '403',
    match: request => broken && (request.query.get('page') ?? '1') !== '1',
    times: 100,
  });
  await expect(curate(app, 'demo')).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
  await idle(app);
  expect(told(receiver)).toMatchObject([
    { type: 'run.failed', subject: { run: 'demo.00000001' }, code: 'SCOPE_MISSING', tenant: app.config.tenant.key },
  ]);
  const [posted] = receiver.posted;
  expect(posted?.headers['webhook-id']).toBe(told(receiver)[0]?.id);
  const headers = Object.fromEntries(
    Object.entries(posted?.headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
  expect(new Webhook(secret).verify(posted?.body ?? '', headers)).toMatchObject({ type: 'run.failed' });

  await expect(curate(app, 'demo')).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
  await idle(app);
  expect(new Set(told(receiver).map(each => each.id)).size).toBe(2);
  expect(receiver.posted).toHaveLength(2);

  broken = false;
  await curate(app, 'demo');
  await idle(app);
  expect(receiver.posted).toHaveLength(2);
});

test('a message is sent again until it is taken, under one id', async () => {
  const site = await openSite();
  const { app, receiver } = await listening(site);
  receiver.answerNext({ status: 500 }, null, { status: 429, headers: { 'retry-after': '1' } });
  await failed(app, rollbackSpec(app.config.tenant.key, 9, 'me'));
  await idle(app);
  expect(receiver.posted).toHaveLength(4);
  expect(new Set(receiver.posted.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(new Set(receiver.posted.map(({ body }) => body)).size).toBe(1);
  expect(told(receiver)[0]).toMatchObject({
    type: 'push.refused',
    code: 'VERSION_NOT_FOUND',
    subject: { rollbackTo: 9 },
  });
});

test('what is refused is final, and neither the URL nor the secret is in Redis', async () => {
  const site = await openSite();
  const { app, receiver } = await listening(site);
  receiver.answerNext({ status: 410 });
  await failed(app, rollbackSpec(app.config.tenant.key, 9, 'me'));
  await idle(app);
  expect(receiver.posted).toHaveLength(1);
  const [job] = await bullQueue(app.queues, deliverWebhook.name).getFailed();
  expect(job?.failedReason).toMatch(/^WEBHOOK_REFUSED: .* answered 410/);
  const client = site.client();
  const keys = (await client.keys('*')).filter(key => key.includes(deliverWebhook.name));
  const held = await Promise.all(
    keys.map(async key => ((await client.type(key)) === 'hash' ? await client.hgetall(key) : {})),
  );
  expect(JSON.stringify([keys, held])).toContain('deliver.notify.push-refused');
  expect(JSON.stringify([keys, held])).not.toMatch(/top-secret|a secret that nobody sees/);
});

test('a training that cannot begin is told once, with what to do', async () => {
  const site = await openSite();
  const { app, receiver } = await listening(site);
  const ref = '00000000-0000-4000-8000-000000000000';
  const spec = trainingSpec({
    tenant: app.config.tenant.key,
    request: 'r1',
    skillId: 'skill',
    data: ref,
    maxPolls: 1,
    by: 'me',
    source: { kind: 'file', name: 'x.json' },
    downsample: null,
  });
  await failed(app, spec);
  await idle(app);
  await failed(app, spec);
  await idle(app);
  expect(told(receiver)).toMatchObject([
    { id: 'training-failed.r1.0', type: 'training.failed', code: 'UPLOAD_NOT_FOUND', subject: { request: 'r1' } },
  ]);
});

test('nothing is enqueued while nobody is to be told', async () => {
  const site = await openSite();
  const app = await site.workingHouse();
  await failed(app, rollbackSpec(app.config.tenant.key, 9, 'me'));
  await idle(app);
  expect(await bullQueue(app.queues, deliverWebhook.name).getJobCountByTypes()).toBe(0);
});
