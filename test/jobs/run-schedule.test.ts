import { describe, expect, it } from 'vitest';
import { scheduledSpec } from '../../jobs/run-schedule/scheduled-job.ts';
import { nextSlot, slotSpecs } from '../../jobs/run-schedule/slots.ts';
import { type Schedule, scheduledWork } from '../../src/domain/schedule/schedule.ts';
import { openSchedules } from '../../src/store/schedules/schedules.ts';
import { memoryStore } from '../store/audit/memory-store.ts';

const hour = 3_600_000;
const setAt = Date.parse('2026-03-01T00:10:00.000Z');
const every: Schedule = {
  name: 'often',
  version: 3,
  setAt,
  by: 'me',
  due: { kind: 'every', ms: hour },
  work: { flow: 'curation', parameters: { dataset: 'demo', minRating: 3, since: '2026-01-01T00:00:00.000Z' } },
};
const cron: Schedule = { ...every, due: { kind: 'cron', pattern: '0 3 * * *', tz: 'UTC' } };
const at = (text: string) => Date.parse(`2026-03-${text}:00.000Z`);

describe('the next time', () => {
  it('of an interval is at once, then on its grid', () => {
    expect(nextSlot(every, null)).toBe(setAt);
    expect(nextSlot(every, { slot: setAt, at: setAt + 5 })).toBe(setAt + hour);
  });

  it('of a cron pattern is the first after it was set', () => {
    expect(nextSlot(cron, null)).toBe(at('01T03:00'));
    expect(nextSlot(cron, { slot: at('01T03:00'), at: at('01T03:00') })).toBe(at('02T03:00'));
  });

  it('after a standstill is missed once: the one after what was made up for is ahead', () => {
    expect(nextSlot(cron, { slot: at('02T03:00'), at: at('09T12:00') })).toBe(at('10T03:00'));
    expect(nextSlot(every, { slot: setAt + hour, at: setAt + 7.5 * hour })).toBe(setAt + 8 * hour);
  });

  it('is not put off by a start that a clock noted while it was ahead', async () => {
    const [before, ahead] = [Date.now() - 30 * hour, Date.now() + 240 * hour];
    const spec = { queue: 'fetch-page', id: 'open.demo.a' };
    const schedules = openSchedules(memoryStore());
    await schedules.noteStart(3, { slot: before, at: ahead, spec, joins: false, head: 0 });
    await schedules.noteStart(3, { slot: ahead, at: ahead, spec, joins: false, head: 0 });
    const last = await schedules.lastStarts(3, 1);
    expect(last.map(({ slot }) => slot)).toEqual([before]);
    const next = nextSlot(cron, last[0] ?? null) ?? 0;
    expect(next).toBeGreaterThan(Date.now() - 1_000);
    expect(next).toBeLessThan(Date.now() + 25 * hour);
  });

  it('has one job, whoever brings it', () => {
    const [spec] = slotSpecs('ours', every, null);
    expect(spec).toMatchObject({ queue: 'run-schedule', id: `slot.often.3.${setAt}` });
    expect(slotSpecs('ours', every, null)).toEqual([spec]);
  });
});

describe('the work of a time', () => {
  it('is one request of its own, and reaches back for a new dataset only', () => {
    const id = `open.demo.often-3-${setAt}`;
    expect(scheduledSpec('ours', every, setAt, 0)).toMatchObject({
      id,
      payload: { dataset: 'demo', parameters: { minRating: 3, since: '2026-01-01T00:00:00.000Z' } },
    });
    expect(scheduledSpec('ours', every, setAt, 2)).toMatchObject({ id, payload: { parameters: { minRating: 3 } } });
    expect(JSON.stringify(scheduledSpec('ours', every, setAt, 2).payload)).not.toContain('since');
  });
});

describe('the flow of a schedule', () => {
  it('is known by its name', () => {
    const work = (flow: string) => ({ ...every, work: { ...every.work, flow } });
    expect(() => scheduledSpec('ours', work('harvest'), setAt, 0)).toThrow(/flow harvest not found/);
    expect(() => scheduledSpec('ours', work('tuning'), setAt, 0)).toThrow(/tuning cannot be scheduled/);
  });

  it('is a curation in an entry that was written before entries named it', () => {
    const { parameters } = every.work;
    const { dataset, ...others } = parameters;
    expect(scheduledWork.parse({ command: 'curate', dataset, parameters: others })).toEqual(every.work);
  });
});

describe('the beginnings of a schedule', () => {
  const begun = (slot: number) => ({ slot, at: slot, spec: { queue: 'q', id: `i${slot}` }, joins: false, head: 0 });

  it('are noted once each, the last ones known, the oldest forgotten', async () => {
    const store = memoryStore();
    const schedules = openSchedules(store);
    for (let slot = 1; slot <= 105; slot++) expect(await schedules.noteStart(3, begun(slot))).toBe(true);
    expect(await schedules.noteStart(3, { ...begun(105), joins: true })).toBe(false);
    expect((await schedules.lastStarts(3, 2)).map(({ slot }) => slot)).toEqual([104, 105]);
    expect(await schedules.lastStarts(4, 2)).toEqual([]);
    expect(store.files.size).toBe(100);
  });
});
