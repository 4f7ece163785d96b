import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { registerWebhook } from '../../src/platform/endpoints.ts';
import { calibrationSite } from './calibration-site.ts';
import { commands } from './commands.ts';

const secret = 'whsec_c2VjcmV0LW9mLXRoaXMtdGVzdC0xMjM0NTY=';
const signed = { WEBHOOK_SECRET: secret };
const url = 'https://ml.example.com/v1/hooks/cognigy?key=hidden';
const { path } = registerWebhook;

test('a webhook is registered once per URL, listed, and removed', async () => {
  const site = await calibrationSite();
  const [first, again, listed, removed, gone, last] = await commands(
    site,
    [
      ['webhook', 'register', url, '--json'],
      ['webhook', 'register', url, '--json'],
      ['webhook', 'list', '--json'],
      ['webhook', 'remove', url, '--json'],
      ['webhook', 'remove', url],
      ['webhook', 'list'],
    ],
    signed,
  );
  const events = ['sentiment.calibration.updated', 'agentassist.alert.triggered'];
  expect(JSON.parse(first?.stdout ?? '')).toMatchObject({ id: 'webhook-1', url, events });
  expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('registered already') });
  expect(JSON.parse(again?.stdout ?? '')).toMatchObject({ id: 'webhook-1', url, events });
  expect(site.sandbox.requests.filter(request => request.path === path)).toHaveLength(1);
  expect(site.sandbox.cognigy.webhooks.registered).toEqual([{ id: 'webhook-1', url, events, secret, active: true }]);
  expect(JSON.parse(listed?.stdout ?? '')).toMatchObject({ webhooks: [{ url, state: 'registered', id: 'webhook-1' }] });
  expect(JSON.parse(removed?.stdout ?? '')).toMatchObject({
    removed: true,
    note: expect.stringContaining('No documented call deletes a webhook on the platform'),
  });
  expect(gone).toMatchObject({ code: 2, stderr: expect.stringContaining('not registered') });
  expect(last?.stdout).toContain('removed');

  const app = await site.app();
  const target = '/v1/hooks/cognigy?key=hidden';
  expect(await app.registrations.refuses(target)).toBe(true);
  expect(await app.registrations.refuses('/v1/hooks/cognigy')).toBe(false);
  const { entries } = await app.audit.tail(10);
  expect(entries.map(({ kind, what }) => `${kind} ${what}`)).toEqual([
    'intent webhook.register',
    'outcome webhook.register',
    'action webhook.remove',
  ]);
  expect(JSON.stringify(entries)).not.toContain('hidden');
  const log = readFileSync(join(site.artifacts, 'default/webhooks/registrations/log/000000000001.json'), 'utf8');
  for (const text of [log, ...[first, again, listed, removed].flatMap(end => [end?.stdout ?? '', end?.stderr ?? ''])])
    expect(text).not.toContain(secret);
});

test('a registration whose answer is lost is not sent again until the user says so', async () => {
  const site = await calibrationSite();
  const { sandbox } = site;
  sandbox.failNext({ kind: 'drop', moment: 'after', match: path });
  const [lost, again] = await commands(
    site,
    [
      ['webhook', 'register', url],
      ['webhook', 'register', url],
    ],
    signed,
  );
  expect(lost).toMatchObject({ code: 1, stderr: expect.stringContaining('WEBHOOK_UNCERTAIN') });
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('--attach') });
  const sent = () => sandbox.requests.filter(request => request.path === path).length;
  expect(sent()).toBe(1);
  const [attached] = await commands(site, [['webhook', 'register', url, '--attach', 'webhook-1', '--json']], signed);
  expect(JSON.parse(attached?.stdout ?? '')).toMatchObject({ id: 'webhook-1', url });
  expect(sent()).toBe(1);

  const other = 'https://ml.example.com/other';
  sandbox.failNext({ kind: 'drop', moment: 'before', match: path });
  const [dropped, resubmitted] = await commands(
    site,
    [
      ['webhook', 'register', other],
      ['webhook', 'register', other, '--resubmit', '--json'],
    ],
    signed,
  );
  expect(dropped?.code).toBe(1);
  expect(JSON.parse(resubmitted?.stdout ?? '')).toMatchObject({ id: 'webhook-2', url: other });
  const report = await (await site.app()).audit.verify();
  expect(report.openIntents.map(({ id }) => id)).toEqual(['webhook-register-4']);
});

test('one that the platform rejected, or did not accept, can be registered again', async () => {
  const site = await calibrationSite();
  for (const fault of [{ kind: '403' }, { kind: '5xx', status: 503 }, { kind: '429' }] as const)
    site.sandbox.failNext({ ...fault, match: path });
  const ended = await commands(
    site,
    [
      ['webhook', 'register', url],
      ['webhook', 'register', url],
      ['webhook', 'register', url],
      ['webhook', 'register', 'ftp://ml.example.com'],
      ['webhook', 'register', 'nowhere'],
    ],
    signed,
  );
  expect(ended.map(({ code }) => code)).toEqual([1, 1, 0, 2, 2]);
  const [unsigned] = await commands(site, [['webhook', 'register', url]]);
  expect(unsigned).toMatchObject({ code: 2, stderr: expect.stringContaining('WEBHOOK_SECRET') });
});
