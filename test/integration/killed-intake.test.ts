import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { registry } from '../../jobs/registry.ts';
import { openStored } from '../../src/app/stored.ts';
import { readConfig } from '../../src/config/config.ts';
import { alertOf } from '../../src/domain/sentiment/alert.ts';
import { openAlertCounter, toStored } from '../../src/domain/sentiment/alert-counts.ts';
import { emptyLog } from '../../src/domain/sentiment/calibration-log.ts';
import { alertTriggered, parseHookEvent } from '../../src/domain/sentiment/hook-event.ts';
import { services } from '../../src/platform/endpoints.ts';
import type { PlatformEvent } from '../../src/sandbox/cognigy/wire.ts';
import { eventually } from '../eventually.ts';
import { tokenOf } from '../sandbox/tenant.ts';
import type { ProgramRun } from './program-run.ts';
import { frozenTenant, openSite, type Site } from './site.ts';

const secret = `whsec_${Buffer.from('a secret of the platform').toString('base64')}`;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Registers a webhook at the simulated platform. */
async function register({ sandbox }: Site, url: string): Promise<void> {
  const access = await tokenOf(sandbox, {}, services.cognigy);
  const answer = await fetch(`${sandbox.url}/api/v1/agentassist/webhooks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${access}`, 'content-type': 'application/json' },
    body: JSON.stringify({ url, events: [alertTriggered], secret, active: true }),
  });
  expect(answer.status).toBe(201);
}

/** What the counts must be: each alert of the events once. */
function recount(events: readonly PlatformEvent[]) {
  const counter = openAlertCounter();
  for (const each of events) {
    const parsed = parseHookEvent(each);
    if (parsed.ok && parsed.event.type === alertTriggered) counter.raise(alertOf(parsed.event, emptyLog));
  }
  return toStored(counter.counts);
}

test('2,000 events, repeated and reordered, while the API is killed twice, are counted once each', async () => {
  const site = await openSite(
    frozenTenant({
      interactions: [],
      clock: {},
      cognigy: { webhooks: { retryMs: 20, reordered: true } },
    }),
  );
  const port = String(await freePort());
  const start = async (): Promise<ProgramRun> => {
    const run = site.startCli(['api'], { HTTP_PORT: port, HOOK_SECRET: secret });
    await eventually(async () => (await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null))?.status === 200);
    return run;
  };
  let api = await start();
  await register(site, `http://127.0.0.1:${port}/v1/hooks/cognigy`);

  const { cognigy } = site.sandbox;
  const delivered = () => cognigy.webhooks.deliveries.filter(({ status }) => status === 200 || status === 204).length;
  const events: PlatformEvent[] = [];
  const trigger = (batches: number) => {
    for (let batch = 0; batch < batches; batch += 1) {
      const emotion = batch % 2 === 0 ? 'anger' : 'confusion';
      const sent = cognigy.triggerAlerts(100, { emotion, score: 0.8 + (batch % 10) / 100 });
      events.push(...sent);
      cognigy.webhooks.send(sent.filter((_, index) => index % 10 === 0));
    }
  };
  trigger(7);
  for (const more of [7, 6]) {
    const before = delivered();
    await eventually(() => delivered() > before + 200);
    api.child.kill('SIGKILL');
    await api.ended;
    trigger(more);
    api = await start();
  }
  await cognigy.webhooks.delivered();
  api.child.kill('SIGTERM');
  expect((await api.ended).code).toBe(0);

  const { deliveries } = cognigy.webhooks;
  expect(delivered()).toBe(2_200);
  expect(deliveries.some(({ status }) => status === null)).toBe(true);
  expect(deliveries.filter(({ status }) => status === 204).length).toBeGreaterThanOrEqual(200);
  const { alerts } = openStored(readConfig(site.environment(), registry));
  expect(toStored(await alerts.counts())).toEqual(recount(events));
  expect(await alerts.verify()).toEqual([]);
});
