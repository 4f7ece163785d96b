import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { idle, storeOf, timeouts } from './site.ts';
import { takenOverSoon } from './takeover.ts';
import {
  askForPush,
  configOf,
  configPath,
  expectAudited,
  hurried,
  pushed,
  putBodies,
  thresholdSite,
  versionsOf,
} from './threshold-site.ts';

/** Where a push is when its worker is killed, and how often the platform was then asked at least and at most. */
interface Moment {
  readonly file: (tuning: string) => string;
  /** The platform gets the request and takes it, or does not, and never answers it. */
  readonly hangs?: 'taken' | 'not taken';
  readonly puts: readonly [number, number];
}

const entry = (number: number) => `config/log/${String(number).padStart(12, '0')}.json`;

const moments: Readonly<Record<string, Moment>> = {
  'the tuning is there': { file: tuning => `tunings/${tuning}/result.json`, puts: [1, 2] },
  'the version is there': { file: () => entry(1), puts: [1, 2] },
  'it is claimed, and dropped by the platform': { file: () => entry(2), hangs: 'not taken', puts: [2, 2] },
  'it is claimed and taken, but not answered': { file: () => entry(2), hangs: 'taken', puts: [2, 2] },
  'its outcome is noted': { file: () => entry(3), puts: [1, 1] },
};

async function disturbed({ file, hangs, puts }: Moment): Promise<void> {
  const { site, changes } = await thresholdSite(['a', 'b']);
  const { sandbox } = site;
  const app = await site.app(changes, takenOverSoon.times);
  const store = storeOf(site, app);
  const worker = await site.worker({ ...changes, ...takenOverSoon.variables });
  let isAsked = hangs === undefined;
  if (hangs !== undefined)
    sandbox.failNext({
      ...(hangs === 'taken' ? { kind: 'hang' } : { kind: 'drop', moment: 'before' }),
      match: ({ path }) => {
        if (path !== configPath) return false;
        // Dropped, it would be sent again at once.
        if (hangs === 'not taken') worker.child.kill('SIGKILL');
        isAsked = true;
        return true;
      },
    });

  const request = await askForPush(app, { a: 0.5, b: 0.7 });
  await vi.waitUntil(() => isAsked && existsSync(join(store, file(request.tuning))), { ...timeouts, interval: 1 });
  worker.child.kill('SIGKILL');
  expect((await worker.ended).signal).toBe('SIGKILL');

  await app.startWorkers();
  expect(await hurried(app, pushed(app, request))).toBe(1);
  await idle(app);
  const body = configOf(0.6, { a: 0.5, b: 0.7 });
  expect(await versionsOf(app)).toEqual(['1 applied']);
  expect(sandbox.nlpConfig).toEqual(body);
  const bodies = putBodies(sandbox);
  expect(new Set(bodies)).toEqual(new Set([JSON.stringify(body)]));
  expect(bodies.length).toBeGreaterThanOrEqual(puts[0]);
  expect(bodies.length).toBeLessThanOrEqual(puts[1]);
  await expectAudited(app, 'applied');
}

test('whenever the worker of a push is killed, it is one version, sent as it was, and told of once', {
  timeout: 240_000,
}, async () => {
  await Promise.all(Object.values(moments).map(disturbed));
});
