import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { registry } from '../../jobs/registry.ts';
import { openStored } from '../../src/app/stored.ts';
import { readConfig } from '../../src/config/config.ts';
import type { AlertTriggered } from '../../src/domain/sentiment/hook-event.ts';
import type { Alerts } from '../../src/store/alerts/alerts.ts';
import { frozenTenant, openSite, type Site } from './site.ts';

/** A site whose store has `count` alerts of one trigger, with scores from 0.7 up; the first of them is the lowest. */
async function alertSite(count: number): Promise<{ site: Site; alerts: Alerts }> {
  const site = await openSite(frozenTenant({ interactions: [] }));
  await (await site.app()).close();
  const { alerts } = openStored(readConfig(site.environment(), registry));
  await Promise.all(Array.from({ length: count }, (_, number) => alerts.record(event(number, count))));
  return { site, alerts };
}

function event(number: number, count: number): AlertTriggered {
  return {
    id: `event-${number}`,
    at: new Date(Date.parse('2026-05-15T12:00:00Z') + number * 60_000).toISOString(),
    type: 'agentassist.alert.triggered',
    alertId: `alert-${number}`,
    interactionId: `conv-${number}`,
    emotion: 'anger',
    directive: 'block',
    score: Number((0.7 + (0.25 * number) / count).toFixed(4)),
    threshold: 0.7,
    calibrationJobId: null,
  };
}

const calibration = {
  interactions: [{ interaction_id: 'i-1', text: 'My billing is wrong', emotion: 'anger', confidence: 0.9 }],
  polarity_matrix: { negative: -0.5, neutral: 0, positive: 0.5 },
  alert_triggers: [
    { emotion: 'anger', threshold: 0.7, directive: 'block' },
    { emotion: 'confusion', threshold: 0.4, directive: 'log' },
  ],
  sensitivity_level: 0.5,
};

test('alerts are confirmed and refuted once, and counted', async () => {
  const { site } = await alertSite(3);
  const empty = await site.cli(['precision', '--json'], { TENANT: 'other' });
  expect(JSON.parse(empty.stdout)).toMatchObject({ confirmed: 0, refuted: 0, open: 0, precision: 0, byTrigger: [] });

  const confirmed = await site.cli(['precision', '--confirm', 'alert-1', '--json']);
  expect(JSON.parse(confirmed.stdout)).toMatchObject({
    confirmed: 1,
    open: 2,
    alert: { closed: { outcome: 'confirmed' } },
  });
  const refuted = await site.cli(['precision', '--refute', 'alert-2', '--reason', 'irony', '--json']);
  const { precision, interval, byTrigger } = JSON.parse(refuted.stdout);
  expect(precision).toBe(0.5);
  expect(interval[0]).toBeCloseTo(0.0126, 4);
  expect(byTrigger).toMatchObject([{ emotion: 'anger', directive: 'block', confirmed: 1, refuted: 1, open: 1 }]);

  for (const [words, code, said] of [
    [['precision', '--confirm', 'alert-2'], 'ALERT_CLOSED', 'already refuted'],
    [['precision', '--refute', 'alert-2'], 'ALERT_CLOSED', 'already refuted'],
    [['precision', '--confirm', 'nope'], 'ALERT_NOT_FOUND', 'nope was not found'],
    [['precision', '--reason', 'why'], 'BAD_INPUT', '--reason'],
    [['precision', '--confirm', 'alert-0', '--refute', 'alert-0'], '', 'cannot be used with'],
  ] as const) {
    const end = await site.cli(words);
    expect([end.code, end.stdout]).toEqual([2, '']);
    expect(end.stderr).toContain(code);
    expect(end.stderr).toContain(said);
  }
  const shown = await site.cli(['precision']);
  expect(shown.stdout).toMatch(/precision +0\.5000/);
  const listed = await site.cli(['alerts', 'list', '--state', 'open', '--json']);
  expect(JSON.parse(listed.stdout)).toMatchObject({ alerts: [{ id: 'alert-0' }], next: null });
});

test('recommended thresholds are those of a search through all of them, in a calibration to apply', async () => {
  const { site, alerts } = await alertSite(200);
  const how = { at: '2026-06-01T00:00:00.000Z', by: 'alice', reason: null };
  const isRight = (number: number) => number >= 120 || number % 3 === 0;
  for (let number = 0; number < 200; number += 1)
    await alerts.close(`alert-${number}`, { ...how, outcome: isRight(number) ? 'confirmed' : 'refuted' });
  const [base, out] = [join(site.folder, 'base.json'), join(site.folder, 'new.json')];
  await writeFile(base, JSON.stringify(calibration));
  const end = await site.cli(['precision', 'recommend', '--base', base, '--out', out, '--json']);
  expect(end.code, end.stderr).toBe(0);
  const { recommendations } = JSON.parse(end.stdout);
  expect(recommendations).toMatchObject([
    { emotion: 'anger', kind: 'raise', current: 0.7, outcomes: 200 },
    { emotion: 'confusion', kind: 'too-few-outcomes', outcomes: 0, needed: 20 },
  ]);
  const { threshold, suppressed, confirmedLost, after } = recommendations[0];
  expect(after.interval[0]).toBeGreaterThanOrEqual(0.8);
  const lost = Array.from({ length: 200 }, (_, number) => number).filter(
    number => (event(number, 200).score ?? 0) < threshold,
  );
  expect([suppressed, confirmedLost]).toEqual([lost.length, lost.filter(isRight).length]);
  const proposed = JSON.parse(await readFile(out, 'utf8'));
  expect(proposed).toEqual({
    ...calibration,
    trigger_model_reweight: false,
    alert_triggers: [{ ...calibration.alert_triggers[0], threshold }, calibration.alert_triggers[1]],
  });
  expect((await site.cli(['precision', 'recommend', '--base', base])).stdout).toContain('too few outcomes');

  const without = await site.cli(['precision', 'recommend']);
  expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('no calibration has been applied yet')]);

  const reported = await site.cli(['precision', '--report', join(site.folder, 'report')]);
  expect(reported.code, reported.stderr).toBe(0);
  expect(await readFile(join(site.folder, 'report', 'precision.html'), 'utf8')).toContain('from 200 alerts');

  await writeFile(base, '{"interactions": [],\n}');
  const bad = await site.cli(['precision', 'recommend', '--base', base]);
  expect([bad.code, bad.stdout]).toEqual([2, '']);
  expect(bad.stderr).toContain(`${base}:2:1`);
});

test('the last applied calibration is the base, and the proposal can be applied', async () => {
  const { site, alerts } = await alertSite(60);
  const how = { at: '2026-06-01T00:00:00.000Z', by: 'alice', reason: null };
  for (let number = 0; number < 60; number += 1)
    await alerts.close(`alert-${number}`, { ...how, outcome: number < 20 ? 'refuted' : 'confirmed' });
  const [first, second] = [join(site.folder, 'first.json'), join(site.folder, 'second.json')];
  await writeFile(first, JSON.stringify(calibration));
  const applied = await site.cli(['calibrate', '--file', first, '--wait', '--json']);
  expect(applied.code, applied.stderr).toBe(0);
  const proposed = await site.cli(['precision', 'recommend', '--out', second, '--json']);
  expect(proposed.code, proposed.stderr).toBe(0);
  const again = await site.cli(['calibrate', '--file', second, '--wait', '--json']);
  expect(again.code, again.stderr).toBe(0);
  const [before, after] = site.sandbox.cognigy.calibrations.list().map(({ body }) => body);
  expect(after?.interaction_ids).toEqual(before?.interaction_ids);
  const thresholds = after?.alert_triggers.map(({ threshold }) => threshold) ?? [];
  expect(Math.max(...thresholds)).toBeGreaterThan(0.7);
  expect(thresholds).toContain(0.4);
});
