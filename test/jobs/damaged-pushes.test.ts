import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bodySha256 } from '../../jobs/push-config/body.ts';
import { emptyLog } from '../../src/domain/sentiment/calibration-log.ts';
import { openAlerts } from '../../src/store/alerts/alerts.ts';
import { seal, unseal } from '../../src/store/artifacts/sealed.ts';
import { openAudit } from '../../src/store/audit/audit.ts';
import { verifyChanges } from '../../src/store/audit/verify-changes.ts';
import { openCalibrations } from '../../src/store/calibrations/calibrations.ts';
import { openModels } from '../../src/store/models/models.ts';
import { openPushes } from '../../src/store/pushes/pushes.ts';
import { openSchedules } from '../../src/store/schedules/schedules.ts';
import { openSealing } from '../../src/store/sealing/sealing.ts';
import { openTrainings } from '../../src/store/trainings/trainings.ts';
import { codeOf } from '../thrown.ts';
import { openPushBench, type PushBench } from './push-bench.ts';

const rollback = { kind: 'rollback', tenant: 'ours', request: 'back', version: 1, by: 'ada' } as const;

function logPlace({ store }: PushBench, number: number): string {
  return join(store.place, 'config', 'log', `00000000000${number}.json`);
}

function findings({ store }: PushBench) {
  return verifyChanges({
    audit: openAudit(store),
    pushes: openPushes(store),
    models: openModels(store),
    schedules: openSchedules(store),
    trainings: openTrainings(store),
    alerts: openAlerts(store, async () => emptyLog),
    calibrations: openCalibrations(store, openSealing(store)),
  }).then(report => report.findings.map(({ what }) => what).join());
}

it('a changed digit in the log of pushes is not sent by a rollback, and verify finds it', async () => {
  const bench = openPushBench();
  await bench.run(await bench.tuning('first', 0.81));
  await bench.run(await bench.tuning('second', 0.75));
  const place = logPlace(bench, 1);
  const whole = readFileSync(place, 'utf8');
  writeFileSync(place, whole.replaceAll('0.81', '0.01'));
  expect(await codeOf(() => bench.run(rollback))).toBe('PUSH_LOG_DAMAGED');
  expect(bench.put).toEqual([0.81, 0.75]);
  expect(await findings(bench)).toContain('config/log/000000000001.json');

  writeFileSync(place, whole);
  expect(await findings(bench)).toBe('');
  expect(await bench.run(rollback)).toMatchObject({ result: { version: 3 } });
  expect(bench.put).toEqual([0.81, 0.75, 0.81]);
});

it('a log of pushes whose end was cut off, together with its hint, is found by the outcome that was audited', async () => {
  const bench = openPushBench();
  await bench.run(await bench.tuning('first', 0.81));
  await bench.run(await bench.tuning('second', 0.75));
  expect(await findings(bench)).toBe('');
  const entries = readdirSync(join(bench.store.place, 'config', 'log')).length;
  await bench.store.remove(`config/log/${String(entries).padStart(12, '0')}.json`);
  await bench.store.remove('config/head');
  expect(await findings(bench)).toContain('the outcome of the push config-push-2 was audited');
});

it('thresholds that were changed in a log with seals of its own differ from those that were audited, and are not sent', async () => {
  const bench = openPushBench();
  await bench.run(await bench.tuning('first', 0.81));
  const { thresholds, sha256 } = (await openPushes(bench.store).read()).pushes[0] ?? {};
  expect(thresholds && bodySha256(thresholds)).toBe(sha256);
  const audited = (await openAudit(bench.store).tail(10)).entries.find(({ kind }) => kind === 'intent');
  expect(audited?.details).toMatchObject({ version: 1, sha256 });

  // All entries of the log are written again, as they would be by somebody who means it.
  const all = [];
  for (const name of readdirSync(join(bench.store.place, 'config', 'log'))) {
    const text = unseal(readFileSync(join(bench.store.place, 'config', 'log', name)))?.toString('utf8') ?? '';
    all.push(JSON.parse(text.replaceAll('0.81', '0.01')).entry);
  }
  await bench.store.remove('config');
  for (const [index, entry] of all.entries()) await openPushes(bench.store).append(index, entry);
  expect(await codeOf(() => bench.run(rollback))).toBe('PUSH_LOG_DAMAGED');
  expect(bench.put).toEqual([0.81]);

  await bench.store.remove('config');
  const [asked, ...others] = all;
  const changed = { ...asked, sha256: bodySha256(asked.thresholds) };
  for (const [index, entry] of [changed, ...others].entries()) await openPushes(bench.store).append(index, entry);
  expect(await findings(bench)).toContain('config-push-1 are not those that were audited');
  await bench.store.remove('config');
  expect(await findings(bench)).toContain('config-push-1, which the log of pushes does not hold');
});

it('a tuning whose result changed on disk is not pushed', async () => {
  const bench = openPushBench();
  const payload = await bench.tuning('first', 0.81);
  const place = join(bench.store.place, 'tunings', 'first', 'result.json');
  const bytes = readFileSync(place);
  writeFileSync(place, bytes.toString('utf8').replace('0.81', '0.18'));
  expect(await codeOf(() => bench.run(payload))).toBe('ARTIFACT_DAMAGED');
  expect(bench.put).toEqual([]);
  writeFileSync(place, seal(unseal(bytes) ?? ''));
  expect(await bench.run(payload)).toMatchObject({ result: { version: 1 } });
});

it('nothing is sent while the store is gone, and the log is whole when it is back', async () => {
  const bench = openPushBench();
  await bench.store.establish();
  const process = bench.resources();
  await bench.run(await bench.tuning('first', 0.9), process);
  await bench.run(await bench.tuning('second', 0.75), process);
  const third = await bench.tuning('third', 0.7);
  const { place } = bench.store;
  renameSync(place, `${place}-aside`);
  expect(await codeOf(() => bench.run(third, process))).toBe('STORE_UNREADABLE');
  expect(bench.put).toEqual([0.9, 0.75]);
  expect(existsSync(place)).toBe(false);

  renameSync(`${place}-aside`, place);
  expect(await bench.versions()).toEqual(['1 applied 1', '2 applied 1']);
  expect(await bench.run(third, process)).toMatchObject({ result: { version: 3 } });
  expect(bench.put).toEqual([0.9, 0.75, 0.7]);
});
