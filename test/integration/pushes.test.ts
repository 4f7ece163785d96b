import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { flags } from '../../src/domain/roc/result.ts';
import { bullQueue } from '../../src/runtime/queues.ts';
import { commands } from './commands.ts';
import { idle } from './site.ts';
import {
  askForPush,
  configOf,
  expectAudited,
  push,
  pushLater,
  putBodies,
  rollBack,
  thresholdSite,
  versionsOf,
  writeExport,
} from './threshold-site.ts';

const tuned = z.looseObject({
  globalThreshold: z.number().nullable(),
  intents: z.array(
    z.looseObject({
      intentId: z.string(),
      name: z.string(),
      threshold: z.number(),
      jScore: z.number(),
      rocAuc: z.number(),
      sampleCount: z.number(),
      flags: z.array(z.string()),
    }),
  ),
  skipped: z.array(z.string()),
  version: z.number().optional(),
});

test('thresholds are tuned, pushed, told and rolled back at the command line', { timeout: 240_000 }, async () => {
  const { site, changes } = await thresholdSite(['billing', 'refund', 'parcel', 'idle']);
  const { sandbox } = site;
  const cli = async (...words: readonly string[]) => {
    const end = await site.cli(words, changes);
    expect(end.code, end.stderr).toBe(0);
    return end;
  };
  const first = await writeExport(site, 'first.csv', { billing: 0.8, refund: 0.6, parcel: 0.45, nobody: 0.5 });
  const report = join(site.folder, 'report');
  const app = await site.app(changes);

  const dry = await cli('tune', '--csv', first, '--json', '--report', report);
  const shown = tuned.parse(JSON.parse(dry.stdout));
  expect(shown.globalThreshold).toBe(0.6);
  expect(shown.intents.map(each => [each.intentId, each.name, each.threshold, each.jScore, each.flags])).toEqual([
    ['billing', 'BILLING', 0.8, 1, []],
    ['refund', 'REFUND', 0.6, 1, []],
    ['parcel', 'PARCEL', 0.45, 1, []],
  ]);
  expect(shown.skipped).toEqual(['nobody']);
  expect(shown.version).toBeUndefined();
  expect(dry.stdout.trimEnd()).not.toContain('\n');
  const written = (await readdir(report)).sort();
  expect(written).toEqual([
    expect.stringMatching(/^tuning-[\w-]+\.html$/),
    expect.stringMatching(/^tuning-[\w-]+\.json$/),
  ]);
  const page = await readFile(join(report, written[0] ?? ''), 'utf8');
  expect(page).toContain('first.csv');
  expect(page).not.toContain('Simulated data');
  expect(putBodies(sandbox)).toEqual([]);
  expect(await versionsOf(app)).toEqual([]);
  expect((await app.audit.tail(9)).entries).toEqual([]);

  const pushedFirst = await cli('tune', '--csv', first, '--push', '--wait', '--json');
  expect(tuned.parse(JSON.parse(pushedFirst.stdout))).toMatchObject({ globalThreshold: 0.6, version: 1 });
  const body = configOf(0.6, { billing: 0.8, refund: 0.6, parcel: 0.45 });
  expect(putBodies(sandbox)).toEqual([JSON.stringify(body)]);
  expect(sandbox.nlpConfig).toEqual(body);

  const second = await writeExport(site, 'second.csv', { billing: 0.7, refund: null, idle: 0.5 });
  const plain = await cli('tune', '--csv', second, '--push', '--wait');
  expect(plain.stdout).toMatch(/against version 1 of/);
  expect(plain.stdout).toMatch(
    new RegExp(`kept from last push +2: REFUND \\(${flags['one-class']}.*\\), PARCEL \\(.*no samples`),
  );
  expect(plain.stdout).toMatch(/BILLING: 0\.8 → 0\.7 \(−0\.1\)/);
  expect(plain.stdout).toMatch(/pushed as version 2\n$/);
  expect(sandbox.nlpConfig).toEqual(configOf(0.6, { billing: 0.7, refund: 0.6, parcel: 0.45, idle: 0.5 }));

  const back = await cli('config', 'rollback', '1', '--wait', '--json');
  expect(JSON.parse(back.stdout)).toMatchObject({ queue: 'push-config', version: 3, rolledBackTo: 1 });
  expect(putBodies(sandbox)).toHaveLength(3);
  expect(sandbox.nlpConfig).toEqual(body);

  const [told, listed, versionTwo, inForce, unknown] = await commands(
    site,
    [
      ['config', 'history', '--json'],
      ['config', 'history'],
      ['config', 'show', '2', '--json'],
      ['config', 'show'],
      ['config', 'show', '4'],
    ],
    changes,
  );
  expect(JSON.parse(told?.stdout ?? '')).toMatchObject({
    versions: [
      { version: 1, state: 'applied', timesSent: 1, intents: 3, globalThreshold: 0.6, source: { kind: 'tuning' } },
      { version: 2, state: 'applied', timesSent: 1, intents: 4, source: { kind: 'tuning' } },
      { version: 3, state: 'applied', timesSent: 1, intents: 3, source: { kind: 'rollback', version: 1 } },
    ],
  });
  const lines = (listed?.stdout ?? '').trimEnd().split('\n');
  expect(lines[1]).toMatch(/^ *1 .*applied/);
  expect(lines[3]).toMatch(/^ *3 .*version 1 .*in force/);
  expect(JSON.parse(versionTwo?.stdout ?? '')).toMatchObject({
    version: 2,
    thresholds: {
      global: 0.6,
      intents: [{ intentId: 'billing', threshold: 0.7 }, { carried: expect.any(String) }, {}, {}],
    },
  });
  expect(unknown).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('version 4 not found') });
  expect(inForce?.stdout).toMatch(/version +3\n[\s\S]*BILLING +0\.800/);
  await expectAudited(app, 'applied', 'applied', 'applied');
});

test('what is wrong with a version is told, and nothing enqueued', async () => {
  const { site, changes } = await thresholdSite(['a']);
  const app = await site.app(changes);
  const ends = await commands(
    site,
    [
      ['config', 'rollback', '1', '--wait'],
      ['config', 'rollback', 'x'],
      ['config', 'show'],
      ['tune', '--csv', 'none.csv', '--max-fpr', '1.5'],
      ['tune', '--csv', 'none.csv', '--push', '--report', 'there'],
    ],
    changes,
  );
  for (const end of ends) expect(end).toMatchObject({ code: 2, stdout: '' });
  const [rollback, word, show, rate, report] = ends.map(({ stderr }) => stderr);
  expect(rollback).toContain('version 1 not found');
  expect(word).toContain('version');
  expect(show).toContain('nothing was pushed yet');
  expect(rate).toContain('--max-fpr');
  expect(report).toContain('--wait');
  expect(await bullQueue(app.queues, 'push-config').getJobCounts()).toMatchObject({ waiting: 0, failed: 0 });
  expect(site.sandbox.requests).toEqual([]);
});

test('an intent that was archived is left out of the next push', async () => {
  const { site, changes } = await thresholdSite(['a', 'b', 'c']);
  const app = await site.workingHouse(changes);
  expect(await push(app, { a: 0.5, b: 0.5, c: 0.6 })).toBe(1);
  site.sandbox.archiveIntent('b');
  expect(await push(app, { a: 0.4 })).toBe(2);
  expect(site.sandbox.nlpConfig).toEqual(configOf(0.4, { a: 0.4, c: 0.6 }));
  await idle(app);
  await expectAudited(app, 'applied', 'applied');
});

test('a rollback leaves out what the tenant has no more', async () => {
  const { site, changes } = await thresholdSite(['a', 'b']);
  const app = await site.workingHouse(changes);
  await push(app, { a: 0.5, b: 0.5 });
  site.sandbox.archiveIntent('b');
  await push(app, { a: 0.4 });
  expect(await rollBack(app, 1)).toBe(3);
  expect(site.sandbox.nlpConfig).toEqual(configOf(0.5, { a: 0.5 }));
  await expectAudited(app, 'applied', 'applied', 'applied');
});

test('what the platform refuses is a version too; what is in force stays', async () => {
  const { site, changes } = await thresholdSite(['a', 'b']);
  const app = await site.workingHouse(changes);
  await push(app, { a: 0.5, b: 0.5 });
  // Archived between the list of intents and the push.
  const tuning = await askForPush(app, { a: 0.4, b: 0.4 }, null);
  await expect(pushLater(app, tuning, () => site.sandbox.archiveIntent('b'))).rejects.toMatchObject({
    code: 'PUSH_REFUSED',
    message: expect.stringMatching(/version 2 .*404.*intentThresholds\[1\]\.intentId/),
  });
  expect(await versionsOf(app)).toEqual(['1 applied', '2 refused']);
  expect(site.sandbox.nlpConfig).toEqual(configOf(0.5, { a: 0.5, b: 0.5 }));
  await expectAudited(app, 'applied', 'refused');
});
