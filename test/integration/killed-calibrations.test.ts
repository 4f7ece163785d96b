import { expect, test, vi } from 'vitest';
import {
  askForCalibration,
  calibrationOf,
  calibrationPath,
  calibrationSite,
  ends,
  versionsOf,
} from './calibration-site.ts';
import { idle, timeouts } from './site.ts';
import { takenOverSoon } from './takeover.ts';

/** The platform's minute passes in 20 s; the limit is that of a minute, 10. */
const speed = 3;
const limits = { LIMIT_CALIBRATION: `${10 * speed}/min`, LIMIT_CALIBRATION_STATUS: '500/s' };
const minute = 60_000;

test('calibrations of three producers, under faults and kills, are applied once each and in order', {
  timeout: 300_000,
}, async () => {
  const site = await calibrationSite({
    clock: { rate: speed },
    limits: { CALIBRATION_STATUS: null },
    cognigy: { reweightSeconds: 2 },
    faults: { rate: 0.1, seed: 3, slowMs: 100 },
  });
  const { sandbox } = site;
  const { calibrations } = sandbox.cognigy;
  const variables = { ...limits, ...takenOverSoon.variables };
  const producers = await Promise.all(['p', 'q', 'r'].map(async name => ({ name, app: await site.app(limits) })));
  const requests = await Promise.all(
    producers.map(async ({ name, app }) => {
      const own = [];
      for (let index = 0; index < 10; index++) {
        const isReweight = index % 3 === 0;
        own.push(
          await askForCalibration(app, calibrationOf(`${name}${index}`, { trigger_model_reweight: isReweight })),
        );
      }
      return own;
    }),
  );
  const [{ app } = { app: await site.app(limits) }] = producers;

  for (const applied of [4, 14]) {
    const workers = await Promise.all([site.worker(variables), site.worker(variables)]);
    await vi.waitUntil(() => calibrations.list().length >= applied, { ...timeouts, timeout: 120_000 });
    for (const { child } of workers) child.kill('SIGKILL');
    await Promise.all(workers.map(({ ended }) => ended));
  }
  await site.worker(variables);
  expect(new Set(await ends(app, ...requests.flat()))).toEqual(new Set(['succeeded']));
  await idle(app);

  const applied = calibrations.list();
  expect(applied).toHaveLength(30);
  expect(new Set(applied.map(({ key }) => key)).size).toBe(30);
  const ids = applied.flatMap(({ body }) => body.interaction_ids);
  for (const { name } of producers)
    expect(ids.filter(id => id.startsWith(name))).toEqual(Array.from({ length: 10 }, (_, index) => `${name}${index}`));
  expect(await versionsOf(app)).toEqual(Array.from({ length: 30 }, (_, index) => `${index + 1} completed`));

  // Those that met a fault, and those that the platform rejected, count as well.
  const sent = sandbox.requests.flatMap(({ path, at }) => (path === calibrationPath ? [Date.parse(at)] : []));
  const most = Math.max(...sent.map(start => sent.filter(at => at >= start && at < start + minute).length));
  expect(most).toBeLessThanOrEqual(10);
  const report = await app.audit.verify();
  expect(report.findings).toEqual([]);
  expect(report.openIntents).toEqual([]);
});
