import { describe, expect, it } from 'vitest';
import { notifyUnusual } from '../../jobs/embed-and-dedup/notify-unusual.ts';
import { windowUnstable } from '../../jobs/fetch-page/errors.ts';
import { notify } from '../../jobs/notify.ts';
import { notifyStale } from '../../jobs/run-schedule/notify-stale.ts';
import { noteFailure, noteUnopened } from '../../jobs/run-state.ts';
import type { Manifest } from '../../src/domain/dataset/manifest.ts';
import type { Schedule } from '../../src/domain/schedule/schedule.ts';
import { MlopsError } from '../../src/errors.ts';
import { openDatasets } from '../../src/store/datasets/datasets.ts';
import { openRuns } from '../../src/store/runs/runs.ts';
import { openSchedules } from '../../src/store/schedules/schedules.ts';
import { version } from '../domain/dataset/version.ts';
import { listening, silence } from '../notification-resources.ts';
import { memoryStore } from '../store/audit/memory-store.ts';

const run = 'demo.00000001';

describe('a notification', () => {
  it('is notified once, in the words of the first time', async () => {
    const { resources, notified } = listening();
    const notification = { id: 'run-failed.x', type: 'run.failed', subject: { run }, message: 'first' } as const;
    await notify(notification, resources);
    await notify({ ...notification, message: 'second' }, resources);
    expect(await notified()).toMatchObject([{ ...notification, tenant: 'ours' }]);
  });

  it('is not notified again once it was delivered, though Redis has forgotten its job', async () => {
    const store = memoryStore();
    const notification = { id: 'run-failed.x', type: 'run.failed', subject: {}, message: '' } as const;
    await notify(notification, listening(store).resources);
    await listening(store).resources.outbox.noteDelivered('notify', notification.id);
    const again = listening(store);
    await notify(notification, again.resources);
    expect(await again.notified()).toEqual([]);
  });

  it('leaves no trace while nobody is to be notified', async () => {
    const resources = silence();
    await notify({ id: 'run-failed.x', type: 'run.failed', subject: {}, message: '' }, resources);
    await expect(resources.outbox.read('notify', 'run-failed.x')).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
  });
});

describe('a failure of a run', () => {
  it('is notified once for all its jobs, with code and remedy, and again after it was taken up', async () => {
    const store = memoryStore();
    const { resources, notified } = listening(store);
    const runs = openRuns(store);
    const fail = (jobId: string) =>
      noteFailure(run, new MlopsError('SCOPE_MISSING', 'no scope'), { resources: { ...resources, runs }, jobId });
    await runs.note(run, { kind: 'opened' });
    await fail('page-2');
    await fail('page-3');
    await runs.note(run, { kind: 'resumed' });
    await fail('page-2');
    const notices = await notified();
    expect(notices.map(({ id }) => id)).toEqual([`run-failed.${run}.2`, `run-failed.${run}.5`]);
    expect(notices[0]).toMatchObject({
      type: 'run.failed',
      subject: { run },
      code: 'SCOPE_MISSING',
      message: 'no scope',
    });
    expect(notices[0]?.remedy).toMatch(/scopes/);
  });

  it('is notified of one that it closes, and of none that is committed', async () => {
    const store = memoryStore();
    const { resources, notified } = listening(store);
    const runs = openRuns(store);
    await runs.note(run, { kind: 'opened' });
    const fail = (name: string) =>
      noteFailure(name, new MlopsError(windowUnstable, 'why'), { resources: { ...resources, runs }, jobId: 'j' });
    await fail(run);
    await fail(run);
    await runs.note('demo.00000002', { kind: 'committed', version: 2 });
    await fail('demo.00000002');
    expect((await notified()).map(({ id }) => id)).toEqual([`run-failed.${run}.2`]);
  });

  it('is notified of a request that comes to no run', async () => {
    const { resources, notified } = listening();
    const jobId = 'open.demo.r1';
    await noteUnopened('demo', new MlopsError('CREDENTIALS_REFUSED', 'no'), { resources, jobId });
    expect(await notified()).toMatchObject([
      { id: 'run-failed.open.demo.r1', subject: { dataset: 'demo', request: jobId } },
    ]);
  });
});

describe('an unusual run', () => {
  const made = (number: number, turns: number): Manifest => {
    const by = version().made;
    const name = `demo.${String(number).padStart(8, '0')}`;
    return version({
      lastRun: name,
      made: by.by === 'run' ? { ...by, run: name, counts: { ...by.counts, turns, kept: turns } } : by,
    });
  };

  it('is notified once, with what was to be expected', async () => {
    const store = memoryStore();
    const { resources, notified } = listening(store);
    const datasets = openDatasets(store);
    for (let number = 1; number <= 6; number++) {
      await datasets.commit(number - 1, made(number, 1000));
      await notifyUnusual(`demo.0000000${number}`, { number, entry: made(number, 1000) }, { ...resources, datasets });
    }
    expect(await notified()).toEqual([]);
    const odd = { number: 7, entry: made(7, 3) };
    await datasets.commit(6, odd.entry);
    await notifyUnusual('demo.00000007', odd, { ...resources, datasets });
    await notifyUnusual('demo.00000007', odd, { ...resources, datasets });
    expect(await notified()).toMatchObject([
      {
        id: 'run-unusual.demo.00000007',
        type: 'run.unusual',
        subject: { run: 'demo.00000007', dataset: 'demo', version: 7 },
        message: 'demo@7 differs from the runs before: turns 3, expected 500 to 1500 (median 1000)',
      },
    ]);
  });
});

describe('a stale dataset', () => {
  const schedule: Schedule = {
    name: 'nightly',
    version: 4,
    setAt: 0,
    by: 'me',
    due: { kind: 'every', ms: 1 },
    work: { flow: 'curation', parameters: { dataset: 'demo' } },
  };

  it('is notified once while it stands still, and anew at another version', async () => {
    const store = memoryStore();
    const { resources, notified } = listening(store);
    const schedules = openSchedules(store);
    const heads = [2, 2, 2, 2, 2, 3, 3, 3, 3];
    for (const [slot, head] of heads.entries()) {
      await notifyStale(schedule, head, { ...resources, schedules });
      await schedules.noteStart(4, { slot, at: slot, spec: { queue: 'q', id: 'i' }, joins: false, head });
    }
    expect((await notified()).map(({ id }) => id)).toEqual(['dataset-stale.demo.2', 'dataset-stale.demo.3']);
    expect((await notified())[0]).toMatchObject({ subject: { dataset: 'demo', version: 2, schedule: 'nightly' } });
  });
});
