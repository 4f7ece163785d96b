import { describe, expect, test, vi } from 'vitest';
import { queueNames } from '../../jobs/registry.ts';
import { runSchedule } from '../../jobs/run-schedule/job.ts';
import { scheduledSpec } from '../../jobs/run-schedule/scheduled-job.ts';
import { slotSpecs } from '../../jobs/run-schedule/slots.ts';
import type { App } from '../../src/app/app.ts';
import { removeSchedule, setSchedule } from '../../src/app/schedules.ts';
import type { Schedule, Start } from '../../src/domain/schedule/schedule.ts';
import { bullQueue } from '../../src/runtime/queues.ts';
import { commands } from './commands.ts';
import { contentOf, takenRows, wantedRows } from './dataset-content.ts';
import { openSite, timeouts } from './site.ts';

const hour = 3_600_000;
const demo = { flow: 'curation', parameters: { dataset: 'demo' } };

/** A schedule of the dataset demo, as somebody sets it. */
async function set(app: App, name: string, ms: number): Promise<Schedule> {
  return (await setSchedule(app, { name, due: { kind: 'every', ms }, work: demo, by: 'me' })).schedule;
}

/** One that was set a while ago. */
async function setBefore(app: App, name: string, agoMs: number, ms: number): Promise<Schedule> {
  const at = new Date(Date.now() - agoMs).toISOString();
  const { length } = await app.schedules.read();
  await app.schedules.append(length, { kind: 'set', name, at, by: 'me', due: { kind: 'every', ms }, work: demo });
  const schedule = await app.schedules.find(name);
  if (schedule === null) throw new Error('it was not set');
  return schedule;
}

/** The beginnings of a schedule, once there are as many. */
async function begun(app: App, { version }: Schedule, count: number): Promise<Start[]> {
  await vi.waitUntil(async () => (await app.schedules.lastStarts(version, 100)).length >= count, timeouts);
  return await app.schedules.lastStarts(version, 100);
}

async function committed(app: App, version: number): Promise<void> {
  await vi.waitUntil(async () => ((await app.datasets.head('demo'))?.number ?? 0) >= version, timeouts);
}

/** Jobs of schedules that are still to end. */
async function waiting({ queues }: App): Promise<string[]> {
  const jobs = await bullQueue(queues, runSchedule.name).getJobs(['active', 'waiting', 'delayed', 'prioritized']);
  return jobs.map(job => job.id ?? '');
}

describe('a schedule', () => {
  test('runs at once and then again and again, each time a request of its own', async () => {
    const site = await openSite();
    const app = await site.workingHouse();
    const schedule = await set(app, 'often', 200);
    await committed(app, 3);
    const starts = await begun(app, schedule, 3);
    expect(new Set(starts.map(({ spec }) => spec.id)).size).toBeGreaterThan(2);
    for (const { slot } of starts) expect((slot - schedule.setAt) % 200).toBe(0);
    expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records()));
  });

  test('that was missed many times runs once, also after Redis has lost everything', async () => {
    const site = await openSite();
    const first = await site.app();
    const schedule = await setBefore(first, 'hourly', 7.5 * hour, hour);
    await site.client().flushall();
    const app = await site.workingHouse();
    await committed(app, 1);
    const starts = await begun(app, schedule, 1);
    expect(starts).toMatchObject([{ slot: schedule.setAt, joins: false, head: 0 }]);
    await vi.waitUntil(async () => (await waiting(app)).length === 1, timeouts);
    expect(await waiting(app)).toEqual([`slot.hourly.${schedule.version}.${schedule.setAt + 8 * hour}`]);
    expect((await app.runs.newest('demo'))?.id).toBe('demo.00000001');
  });

  test('comes back with the next worker when Redis has lost everything', async () => {
    const site = await openSite();
    const first = await site.workingHouse();
    const schedule = await set(first, 'hourly', hour);
    await committed(first, 1);
    const [start] = await begun(first, schedule, 1);
    await first.close();
    await site.redis.kill();
    await site.redis.wipe();
    await site.redis.start();
    const second = await site.workingHouse();
    await vi.waitUntil(async () => (await waiting(second)).length === 1, timeouts);
    expect(await waiting(second)).toEqual([`slot.hourly.${schedule.version}.${(start?.slot ?? 0) + hour}`]);
    expect(await begun(second, schedule, 1)).toEqual([start]);
  });

  test('does not start a second run while one is going', async () => {
    const site = await openSite();
    let open = (): void => undefined;
    const gate = new Promise<void>(resolve => {
      open = resolve;
    });
    site.sandbox.onRequest(async ({ page }) => {
      if (page === 2) await gate;
    });
    const app = await site.workingHouse();
    const schedule = await set(app, 'often', 100);
    await begun(app, schedule, 6);
    expect((await app.runs.newest('demo'))?.id).toBe('demo.00000001');
    await removeSchedule(app, 'often', 'me');
    open();
    await committed(app, 1);
    expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records()));
  });

  test('leaves one request alone that nobody has taken up, however often it is due', async () => {
    const site = await openSite();
    const app = await site.app();
    await app.startWorkers([runSchedule.name]);
    const schedule = await set(app, 'often', 50);
    const starts = await begun(app, schedule, 5);
    expect(starts.map(({ joins }) => joins)).toEqual(starts.map((_, index) => index > 0));
    expect(new Set(starts.map(({ spec }) => spec.id)).size).toBe(1);
    expect(await bullQueue(app.queues, 'fetch-page').getWaitingCount()).toBe(1);
  });

  test('goes on where a worker died between noting a beginning and its work', async () => {
    const site = await openSite();
    const app = await site.app();
    const schedule = await setBefore(app, 'hourly', 1_000, hour);
    const slot = schedule.setAt;
    const { queue, id } = scheduledSpec(app.config.tenant.key, schedule, slot, 0);
    await app.schedules.noteStart(schedule.version, { slot, at: slot, spec: { queue, id }, joins: false, head: 0 });
    await app.queues.enqueue(slotSpecs(app.config.tenant.key, schedule, null), { restart: 'failed' });
    await app.startWorkers();
    await committed(app, 1);
    expect((await app.runs.ofRequest(id))?.run).toBe('demo.00000001');
  });

  test('that was removed never begins again, whatever Redis still holds', async () => {
    const site = await openSite();
    const app = await site.app();
    const schedule = await set(app, 'hourly', hour);
    const [left] = slotSpecs(app.config.tenant.key, schedule, null);
    await removeSchedule(app, 'hourly', 'me');
    expect(await waiting(app)).toEqual([]);
    if (left === undefined) throw new Error('it was never due');
    await app.queues.enqueue([left], { restart: 'failed' });
    await app.startWorkers();
    const queue = bullQueue(app.queues, runSchedule.name);
    await vi.waitUntil(async () => (await queue.getJobState(left.id)) === 'completed', timeouts);
    expect((await queue.getJob(left.id))?.returnvalue).toEqual({ schedule: 'hourly', over: true });
    expect(await app.schedules.lastStarts(schedule.version, 1)).toEqual([]);
    await expect(removeSchedule(app, 'hourly', 'me')).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  test('that is set anew as it is keeps its times; set otherwise it takes the place of the old one', async () => {
    const site = await openSite();
    const app = await site.app();
    const schedule = await set(app, 'hourly', hour);
    expect(await set(app, 'hourly', hour)).toEqual(schedule);
    const other = await set(app, 'hourly', 2 * hour);
    expect(other.version).toBe(2);
    await app.startWorkers();
    await begun(app, other, 1);
    expect(await app.schedules.lastStarts(schedule.version, 1)).toEqual([]);
    const { entries } = await app.audit.tail(10);
    expect(entries.map(({ id, what, by }) => [id, what, by])).toEqual([
      ['schedule-1', 'schedule.set', 'me'],
      ['schedule-2', 'schedule.set', 'me'],
    ]);
  });
});

describe('the command line', () => {
  test('sets, lists and removes schedules', async () => {
    const site = await openSite();
    const ends = [
      await site.cli([
        'schedule',
        'set',
        'b',
        '--cron',
        '0 3 * * 1-5',
        '--tz',
        'Europe/Berlin',
        '--',
        'curate',
        '--dataset',
        'x',
      ]),
      await site.cli([
        'schedule',
        'set',
        'a',
        '--every',
        '15m',
        '--json',
        '--',
        'curate',
        '--dataset',
        'y',
        '--min-rating',
        '3',
      ]),
    ];
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    expect(JSON.parse(ends[1]?.stdout ?? '')).toMatchObject({ name: 'a', version: 2, changed: true });
    const [asJson, forPeople, removal, again, rest] = await commands(site, [
      ['schedule', 'list', '--json'],
      ['schedule', 'list'],
      ['schedule', 'remove', 'a'],
      ['schedule', 'remove', 'a'],
      ['schedule', 'list', '--json'],
    ]);
    expect(JSON.parse(asJson?.stdout ?? '')).toMatchObject({
      schedules: [
        {
          name: 'a',
          due: { kind: 'every', ms: 900_000 },
          work: { dataset: 'y', parameters: { minRating: 3 } },
          last: null,
        },
        { name: 'b', due: { kind: 'cron', pattern: '0 3 * * 1-5', tz: 'Europe/Berlin' }, last: null },
      ],
    });
    expect(forPeople?.stdout).toMatch(/^a +curate y +every 15m .*not yet/m);
    expect([removal?.code, again?.code]).toEqual([0, 2]);
    const { schedules } = JSON.parse(rest?.stdout ?? '');
    expect(schedules).toHaveLength(1);
  });

  test('says how a schedule’s run ended, and which schedules there are when everything starts', async () => {
    const site = await openSite();
    const app = await site.workingHouse();
    await set(app, 'hourly', hour);
    await committed(app, 1);
    await vi.waitUntil(
      async () => (await app.runs.events('demo.00000001').head())?.entry.kind === 'committed',
      timeouts,
    );
    const { schedules } = JSON.parse((await site.cli(['schedule', 'list', '--json'])).stdout);
    expect(schedules).toMatchObject([{ last: { run: 'demo.00000001', state: 'committed as version 1' } }]);

    const up = site.startCli(['up'], { HTTP_PORT: '0' });
    const said = vi.waitUntil(
      async () => (await bullQueue(app.queues, runSchedule.name).getWorkersCount()) === 2,
      timeouts,
    );
    await said;
    up.child.kill('SIGTERM');
    expect((await up.ended).stderr).toMatch(/^schedule hourly: curate demo, every 1h; next \d{4}-/m);
  });

  test('ends with 2 on what cannot be, and sets nothing', async () => {
    const site = await openSite();
    const curate = ['--', 'curate', '--dataset', 'demo'];
    const wrong: [string[], RegExp][] = [
      [['a', '--every', '5s', ...curate], /10s to 31d/],
      [['a', '--every', '1h', ...curate, '--min-rating', '99'], /min-rating/],
      [['a', '--every', '1h', '--', 'tune', '--csv', 'x.csv'], /reads a file/],
    ];
    const ends = await commands(
      site,
      wrong.map(([words]) => ['schedule', 'set', ...words]),
    );
    for (const [index, [words, why]] of wrong.entries()) {
      expect([words, ends[index]?.code]).toEqual([words, 2]);
      expect(ends[index]?.stderr).toMatch(why);
    }
    const app = await site.app();
    expect(await app.schedules.read()).toEqual({ schedules: [], length: 0 });
    expect(await Promise.all(queueNames.map(name => bullQueue(app.queues, name).getJobCountByTypes()))).toEqual(
      queueNames.map(() => 0),
    );
  });
});
