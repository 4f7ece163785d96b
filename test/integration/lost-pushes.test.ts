import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { pushConfig } from '../../jobs/push-config/job.ts';
import { bullQueue } from '../../src/runtime/queues.ts';
import type { ProgrammedFault } from '../../src/sandbox/kernel/faults.ts';
import { closedGate } from '../gate.ts';
import { commands } from './commands.ts';
import { idle, timeouts } from './site.ts';
import {
  configOf,
  configPath,
  expectAudited,
  hurried,
  push,
  putBodies,
  thresholdSite,
  versionsOf,
  writeExport,
} from './threshold-site.ts';

const troubles: readonly { name: string; faults: readonly ProgrammedFault[]; taken: number; sent: number }[] = [
  { name: 'dropped before it has an effect', faults: [{ kind: 'drop', moment: 'before' }], taken: 1, sent: 2 },
  { name: 'dropped after its effect', faults: [{ kind: 'drop', moment: 'after' }], taken: 2, sent: 2 },
  { name: 'dropped in the middle of its answer', faults: [{ kind: 'drop', moment: 'mid-answer' }], taken: 2, sent: 2 },
  { name: 'answered 503', faults: [{ kind: '5xx', status: 503 }], taken: 1, sent: 2 },
  { name: 'answered 504 after its effect', faults: [{ kind: '5xx', status: 504, moment: 'after' }], taken: 2, sent: 2 },
  { name: 'refused for a token that is stale', faults: [{ kind: '401' }], taken: 1, sent: 2 },
  { name: 'dropped twice', faults: [{ kind: 'drop', moment: 'after', times: 2 }], taken: 3, sent: 3 },
];

test('a push that meets trouble is sent again as it was, and is one version', async () => {
  const { site, changes } = await thresholdSite(['a', 'b']);
  const { sandbox } = site;
  const app = await site.workingHouse(changes);
  for (const [index, { name, faults, taken, sent }] of troubles.entries()) {
    for (const fault of faults) sandbox.failNext({ ...fault, match: configPath });
    const [bodies, configs] = [putBodies(sandbox).length, sandbox.nlpConfigs.length];
    const threshold = (index + 1) / 100;
    expect(await hurried(app, push(app, { a: threshold, b: 0.5 })), name).toBe(index + 1);
    const body = configOf((threshold + 0.5) / 2, { a: threshold, b: 0.5 });
    expect(
      sandbox.nlpConfigs.slice(configs).map(each => each.intentThresholds),
      name,
    ).toEqual(Array.from({ length: taken }, () => body.intentThresholds));
    expect(new Set(putBodies(sandbox).slice(bodies)).size, name).toBe(1);
    expect(putBodies(sandbox).slice(bodies), name).toHaveLength(sent);
    expect((await app.pushes.read()).pushes.at(-1), name).toMatchObject({ state: 'applied', timesSent: sent });
  }
  await idle(app);
  await expectAudited(app, ...troubles.map(() => 'applied'));
});

test.each(['before', 'after'] as const)(
  'a push that is dropped with every try, %s its effect, is unknown; the next one sends it first, and then itself',
  async moment => {
    const { site, changes } = await thresholdSite(['a']);
    const { sandbox } = site;
    const app = await site.workingHouse(changes);
    await push(app, { a: 0.4 });
    sandbox.failNext({ kind: 'drop', moment, match: configPath, times: pushConfig.policy.attempts });
    await expect(hurried(app, push(app, { a: 0.5 }))).rejects.toMatchObject({
      code: 'PLATFORM_UNAVAILABLE',
    });
    expect(await versionsOf(app)).toEqual(['1 applied', '2 unknown']);
    const report = await app.audit.verify();
    expect(report.openIntents.map(({ id }) => id)).toEqual(['config-push-2']);

    expect(await push(app, { a: 0.6 })).toBe(3);
    expect(await versionsOf(app)).toEqual(['1 applied', '2 applied', '3 applied']);
    const sent = [0.4, ...Array.from({ length: pushConfig.policy.attempts + 1 }, () => 0.5), 0.6];
    expect(putBodies(sandbox)).toEqual(sent.map(each => JSON.stringify(configOf(each, { a: each }))));
    expect(sandbox.nlpConfig).toEqual(configOf(0.6, { a: 0.6 }));
    await idle(app);
    await expectAudited(app, 'applied', 'applied', 'applied');
  },
);

test('a 429 with Retry-After holds pushes back for as long, and none is lost', async () => {
  const { site, changes } = await thresholdSite(['a'], { clock: {} });
  const app = await site.workingHouse(changes);
  site.sandbox.failNext({ kind: '429', retryAfter: 1, match: configPath });
  expect(await push(app, { a: 0.5 })).toBe(1);
  const [refused, taken] = site.sandbox.requests.filter(({ path }) => path === configPath);
  expect([refused?.status, taken?.status]).toEqual([429, 200]);
  expect(Date.parse(taken?.at ?? '') - Date.parse(refused?.at ?? '')).toBeGreaterThanOrEqual(1_000);
  await idle(app);
  expect((await bullQueue(app.queues, pushConfig.name).getCompleted()).map(job => job.attemptsMade)).toEqual([1]);
  await expectAudited(app, 'applied');
});

test('what Redis forgets while a command waits for its push is ordered again', async () => {
  const { site, changes } = await thresholdSite(['a']);
  const app = await site.app(changes);
  const client = site.client();
  const file = await writeExport(site, 'export.csv', { a: 0.5 });
  await app.budget.hold('CONFIG', 30_000);
  const run = site.startCli(['tune', '--csv', file, '--push', '--wait', '--json'], changes);
  await vi.waitUntil(async () => (await app.pushes.read()).length === 1, timeouts);
  expect(putBodies(site.sandbox)).toEqual([]);
  await client.flushall();
  const end = await hurried(app, run.ended);
  expect(end.code, end.stderr).toBe(0);
  expect(JSON.parse(end.stdout)).toMatchObject({ version: 1 });
  expect(putBodies(site.sandbox)).toHaveLength(1);
  await expectAudited(app, 'applied');
});

test('what Redis forgets while the platform answers is sent again as it was, or not at all', async () => {
  const { site, changes } = await thresholdSite(['a']);
  const app = await site.workingHouse(changes);
  const client = site.client();
  const forgotten = closedGate();
  let isForgetting = false;
  site.sandbox.failNext({
    kind: 'slow',
    until: forgotten.opened,
    match: ({ path }) => {
      if (path !== configPath) return false;
      if (!isForgetting) void client.flushall().then(forgotten.open);
      isForgetting = true;
      return true;
    },
  });
  expect(await hurried(app, push(app, { a: 0.5 }))).toBe(1);
  expect(new Set(putBodies(site.sandbox))).toEqual(new Set([JSON.stringify(configOf(0.5, { a: 0.5 }))]));
  expect(await versionsOf(app)).toEqual(['1 applied']);
});

test('under seeded faults pushes and rollbacks at the command line come out right', async () => {
  const { site, changes } = await thresholdSite(['a', 'b']);
  const app = await site.app(changes);
  const file = await writeExport(site, 'export.csv', { a: 0.5, b: 0.7 });
  const other = await writeExport(site, 'other.csv', { a: 0.6, b: 0.8 });
  site.sandbox.setFaults({ rate: 0.1, seed: 11, slowMs: 50 });
  site.sandbox.failNext({ kind: 'drop', moment: 'after', match: configPath });
  const lines = [
    ['tune', '--csv', file, '--push', '--wait', '--json'],
    ['tune', '--csv', other, '--push', '--wait', '--json'],
    ['config', 'rollback', '1', '--wait', '--json'],
  ];
  const ends = await hurried(app, commands(site, lines, changes));
  for (const end of ends) expect(end.code, end.stderr).toBe(0);
  const versions = ends.map(({ stdout }) => z.object({ version: z.number() }).parse(JSON.parse(stdout)).version);
  expect(versions).toEqual([1, 2, 3]);
  expect(site.sandbox.nlpConfig).toEqual(configOf(0.6, { a: 0.5, b: 0.7 }));
  await expectAudited(app, 'applied', 'applied', 'applied');
});
