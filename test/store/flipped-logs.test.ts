import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Run, RunEvent } from '../../src/domain/run/run.ts';
import type { ScheduleEvent } from '../../src/domain/schedule/schedule.ts';
import { emptyLog } from '../../src/domain/sentiment/calibration-log.ts';
import { isCoded } from '../../src/errors.ts';
import { openAlerts } from '../../src/store/alerts/alerts.ts';
import { openFileStore } from '../../src/store/artifacts/file-store.ts';
import { decodeEntry, encodeEntry } from '../../src/store/artifacts/log-entry.ts';
import type { ArtifactStore } from '../../src/store/artifacts/store.ts';
import { openAudit } from '../../src/store/audit/audit.ts';
import { verifyChanges } from '../../src/store/audit/verify-changes.ts';
import { openCalibrations } from '../../src/store/calibrations/calibrations.ts';
import { openDatasets } from '../../src/store/datasets/datasets.ts';
import { verifyDataset, verifyRuns } from '../../src/store/datasets/verify.ts';
import { openModels } from '../../src/store/models/models.ts';
import { openPushes } from '../../src/store/pushes/pushes.ts';
import { openRuns } from '../../src/store/runs/runs.ts';
import { openSchedules } from '../../src/store/schedules/schedules.ts';
import { openSealing } from '../../src/store/sealing/sealing.ts';
import { openTrainings } from '../../src/store/trainings/trainings.ts';
import { identity, version } from '../domain/dataset/version.ts';
import { event } from '../domain/sentiment/calibration-events.ts';
import * as training from '../domain/skill-training/sample-events.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const at = '2024-05-15T12:00:00.000Z';

/** A kind of log: how three entries of it come about, what checks it, and what would use it. */
interface Kind {
  readonly folder: string;
  fill(store: ArtifactStore): Promise<void>;
  /** What verify says is wrong. */
  verify(store: ArtifactStore): Promise<readonly { readonly what: string; readonly where?: string }[]>;
  /** The code with which a command that uses the log refuses it; `null` where it does not. */
  use(store: ArtifactStore): Promise<string | null>;
  readonly code: string;
}

const kinds: Readonly<Record<string, Kind>> = {
  versions: {
    folder: 'datasets/demo/log',
    async fill(store) {
      for (const number of [1, 2, 3]) await openDatasets(store).commit(number - 1, version({ nextGroup: number }));
    },
    verify: async store => await verifyDataset(openDatasets(store), 'demo'),
    use: async store => await refusal(() => openDatasets(store).versions('demo')),
    code: 'DATASET_DAMAGED',
  },
  pushes: {
    folder: 'config/log',
    async fill(store) {
      const asked = { version: 1, at, request: 'push.a', by: 'ada', source: { kind: 'tuning', tuning: 'a' } } as const;
      const thresholds = { global: 0.5, intents: [{ intentId: 'a', name: 'A', threshold: 0.81 }] };
      await openPushes(store).append(0, { kind: 'pending', ...asked, thresholds, sha256: '0'.repeat(64) });
      await openPushes(store).append(1, { kind: 'sent', version: 1, at, request: 'push.a' });
      await openPushes(store).append(2, { kind: 'applied', version: 1, at });
    },
    verify: verifyAll,
    use: async store => await refusal(() => openPushes(store).read()),
    code: 'PUSH_LOG_DAMAGED',
  },
  registry: {
    folder: 'models/log',
    async fill(store) {
      const { bestThreshold, metrics, data, files } = training;
      for (const request of ['r-1', 'r-2', 'r-3'])
        await openModels(store).register({
          skillId: 'skill-1',
          jobId: `job-${request}`,
          request,
          at,
          metrics,
          bestThreshold,
          files: [...files],
          data,
          trainingDurationSeconds: 3,
          by: 'ann',
        });
    },
    verify: verifyAll,
    use: async store => await refusal(() => openModels(store).list()),
    code: 'REGISTRY_DAMAGED',
  },
  trainings: {
    folder: 'trainings/r-1/log',
    async fill(store) {
      const { validated, submitting, submitted } = training.events;
      for (const [index, event] of [validated, submitting, submitted].entries())
        await openTrainings(store).append('r-1', index, event);
    },
    verify: verifyAll,
    use: async store => await refusal(() => openTrainings(store).read('r-1')),
    code: 'TRAINING_LOG_DAMAGED',
  },
  schedules: {
    folder: 'schedules/log',
    async fill(store) {
      const set = (ms: number): ScheduleEvent => ({
        kind: 'set',
        name: 'nightly',
        at,
        by: 'me',
        due: { kind: 'every', ms },
        work: { flow: 'curation', parameters: { dataset: 'demo' } },
      });
      for (const [index, ms] of [60_000, 70_000, 80_000].entries()) await openSchedules(store).append(index, set(ms));
    },
    verify: verifyAll,
    use: async store => await refusal(() => openSchedules(store).read()),
    code: 'SCHEDULE_LOG_DAMAGED',
  },
  alerts: {
    folder: 'alerts/log',
    async fill(store) {
      const alerts = openAlerts(store, async () => emptyLog);
      for (const number of [1, 2, 3])
        await alerts.record({
          id: `event-${number}`,
          at,
          type: 'agentassist.alert.triggered',
          alertId: `alert-${number}`,
          interactionId: 'conv',
          emotion: 'anger',
          directive: 'notify',
          score: 0.9,
          threshold: null,
          calibrationJobId: null,
        });
    },
    verify: verifyAll,
    use: async store => await refusal(() => openAlerts(store, async () => emptyLog).counts()),
    code: 'ALERT_LOG_DAMAGED',
  },
  runs: {
    folder: 'runs/demo.00000001/log',
    async fill(store) {
      await openRuns(store).create(run);
      const failed: RunEvent = { kind: 'failed', code: 'INTERNAL', message: 'why', job: 'j' };
      for (const event of [{ kind: 'opened' }, failed, { kind: 'resumed' }] as const)
        await openRuns(store).note(run.run, event);
    },
    verify: async store => await verifyRuns(openRuns(store), 'demo'),
    // It reads as closed: the next request opens another run.
    async use(store) {
      const last = (await openRuns(store).events(run.run).all()).at(-1)?.entry;
      return last?.kind === 'closed' ? last.code : null;
    },
    code: 'RUN_LOG_DAMAGED',
  },
  calibrations: {
    folder: 'calibrations/log',
    async fill(store) {
      for (const [index, kind] of (['requested', 'sending', 'accepted'] as const).entries())
        await calibrationsIn(store).append(index, event(kind));
    },
    verify: verifyAll,
    use: async store => await refusal(() => calibrationsIn(store).read()),
    code: 'CALIBRATION_LOG_DAMAGED',
  },
  audit: {
    folder: 'audit/log',
    async fill(store) {
      const audit = openAudit(store);
      const change = { id: 'c-1', what: 'config.push', by: 'ada', details: { version: 1 } };
      await audit.intent(change);
      await audit.append([{ ...change, id: 'c-2', kind: 'action' }]);
      await audit.append([{ ...change, id: 'c-3', kind: 'action' }]);
    },
    verify: verifyAll,
    // The outcome is looked for in all that came after the intent.
    use: async store =>
      (await refusal(() => openAudit(store).intent({ id: 'c-1', what: 'config.push', by: 'ada', details: {} }))) ??
      ((await openAudit(store).tail(10)).damaged.length > 0 ? 'AUDIT_LOG_DAMAGED' : null),
    code: 'AUDIT_LOG_DAMAGED',
  },
};

const run: Run = {
  run: 'demo.00000001',
  dataset: 'demo',
  openedBy: 'open.demo.a',
  total: 0,
  window: { after: null, upper: at, sweeps: true, watermark: null },
  parameters: { identity, since: null, lookBackMs: 0, ratingHorizonMs: 0, ratingSweepEveryMs: 0 },
};

const calibrationsIn = (store: ArtifactStore) => openCalibrations(store, openSealing(store));

async function verifyAll(store: ArtifactStore) {
  const { findings } = await verifyChanges({
    audit: openAudit(store),
    pushes: openPushes(store),
    models: openModels(store),
    schedules: openSchedules(store),
    trainings: openTrainings(store),
    alerts: openAlerts(store, async () => emptyLog),
    calibrations: calibrationsIn(store),
  });
  return findings;
}

async function refusal(act: () => Promise<unknown>): Promise<string | null> {
  try {
    await act();
    return null;
  } catch (error) {
    if (isCoded(error)) return error.code;
    throw error;
  }
}

/** The same places each time: a linear congruential generator. */
function* draws(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const flipsAFile = 16;

/** Of a file its first and last byte, and some between, a bit of each. */
function flipsOf(bytes: Buffer, random: Generator<number>): { index: number; flipped: Buffer }[] {
  const draw = (below: number) => Math.floor((random.next().value ?? 0) * below);
  const some = Array.from({ length: flipsAFile }, () => draw(bytes.length));
  return [...new Set([0, bytes.length - 1, ...some])].map(index => {
    const flipped = Buffer.from(bytes);
    flipped.writeUInt8(flipped.readUInt8(index) ^ (1 << draw(8)), index);
    return { index, flipped };
  });
}

describe.each(Object.entries(kinds))('a flipped bit in the log of %s', (_, kind) => {
  it('is found by verify and by what would have used it, wherever it is', async () => {
    const root = temporaryFolder();
    const store = openFileStore(root);
    await kind.fill(store);
    expect(await kind.verify(store)).toEqual([]);
    expect(await kind.use(store)).toBeNull();
    const names = readdirSync(join(root, kind.folder));
    expect(names).toHaveLength(3);
    const random = draws(20_240_515);
    for (const name of names) {
      const place = join(root, kind.folder, name);
      const whole = readFileSync(place);
      for (const { index, flipped } of flipsOf(whole, random)) {
        writeFileSync(place, flipped);
        const findings = await kind.verify(store);
        const about = `${name}, byte ${index}`;
        expect(findings.map(({ what, where = '' }) => `${where}: ${what}`).join('\n'), about).toContain('damaged');
        expect(await kind.use(store), about).toBe(kind.code);
      }
      writeFileSync(place, whole);
    }
    expect(await kind.verify(store)).toEqual([]);
  });
});

it('no byte of an entry can change unnoticed', () => {
  const shape = z.strictObject({ watermark: z.string() });
  const bytes = encodeEntry(2, 'a'.repeat(64), { watermark: at });
  expect(decodeEntry(2, bytes, shape)).toMatchObject({ kind: 'whole', entry: { watermark: at } });
  for (let index = 0; index < bytes.length; index++)
    for (let bit = 0; bit < 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(index) ^ (1 << bit), index);
      expect(decodeEntry(2, flipped, shape).kind, `byte ${index}, bit ${bit}`).toBe('damaged');
    }
  for (const length of [0, 1, bytes.length - 1])
    expect(decodeEntry(2, bytes.subarray(0, length), shape).kind).toBe('damaged');
});
