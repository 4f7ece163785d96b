import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  foldSchedules,
  nextInterval,
  type ScheduleEvent,
  scheduleEvent,
  scheduleName,
} from '../../../src/domain/schedule/schedule.ts';
import { isStale } from '../../../src/domain/schedule/stale.ts';

const at = '2026-03-01T00:00:00.000Z';
const set = (name: string, ms = 60_000): ScheduleEvent => ({
  kind: 'set',
  name,
  at,
  by: 'me',
  due: { kind: 'every', ms },
  work: { flow: 'curation', parameters: { dataset: 'demo' } },
});
const removed = (name: string): ScheduleEvent => ({ kind: 'removed', name, at, by: 'me' });

describe('the schedules in force', () => {
  it('are what was set last and not removed since, by name', () => {
    const folded = foldSchedules([
      set('b'),
      set('a'),
      removed('b'),
      set('c'),
      set('a', 120_000),
      removed('c'),
      set('c'),
    ]);
    expect(folded.map(({ name, version }) => [name, version])).toEqual([
      ['a', 5],
      ['c', 7],
    ]);
    expect(folded[0]).toMatchObject({ due: { kind: 'every', ms: 120_000 }, setAt: Date.parse(at), by: 'me' });
  });

  it('are none without events, and after the removal of what never was', () => {
    expect(foldSchedules([])).toEqual([]);
    expect(foldSchedules([removed('a')])).toEqual([]);
  });
});

describe('an event', () => {
  it('is read back as it was written', () => {
    for (const event of [set('a'), removed('a')])
      expect(scheduleEvent.parse(JSON.parse(JSON.stringify(event)))).toEqual(event);
  });

  it.each(['', '-a', 'a b', 'a.b', 'ä', 'x'.repeat(33)])('names no schedule %j', name => {
    expect(scheduleName.safeParse(name).success).toBe(false);
  });
});

describe('the next time of an interval', () => {
  it('is the first of all after any instant before it', () => {
    expect(nextInterval(1000, 60, 0)).toBe(1000);
    expect(nextInterval(1000, 60, 999)).toBe(1000);
  });

  it('is the first one of its grid after the instant, as counted one by one', () => {
    const natural = fc.integer({ min: 0, max: 500 });
    fc.assert(
      fc.property(natural, fc.integer({ min: 1, max: 50 }), natural, (from, ms, after) => {
        let counted = from;
        while (counted <= after) counted += ms;
        expect(nextInterval(from, ms, after)).toBe(counted);
      }),
    );
  });
});

describe('a dataset', () => {
  it.each([
    [[], 0, false],
    [[0, 0], 0, false],
    [[0, 0, 0], 0, true],
    [[3, 4, 4, 4], 4, true],
    [[4, 4, 4], 5, false],
    [[3, 4, 4], 4, false],
  ])('whose versions were %j and is %i now: stale %s', (seen, head, stale) => {
    expect(isStale(seen, head)).toBe(stale);
  });
});
