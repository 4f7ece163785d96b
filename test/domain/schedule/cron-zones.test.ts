import { getNextMillis } from 'bullmq';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextCronTime } from '../../../src/domain/schedule/cron.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const from = Date.parse('2026-11-01T00:00:00Z');
const to = Date.parse('2036-11-01T00:00:00Z');

/** Names that `Intl.DateTimeFormat` accepts, also those that `Intl.supportedValuesOf` leaves out. */
const others = [
  'UTC',
  'Etc/UTC',
  'US/Eastern',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Ho_Chi_Minh',
  'Europe/Kyiv',
  'America/Argentina/Buenos_Aires',
  'America/Indiana/Indianapolis',
  'Pacific/Kanton',
];
const zones = [...new Set([...Intl.supportedValuesOf('timeZone'), ...others])];

/** The clock on the wall, by another way than the code under test: ms since 1970 as if the zone were UTC. */
function clockOf(zone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  return instant => Date.parse(`${format.format(instant).replace(' ', 'T')}Z`);
}

interface Change {
  readonly zone: string;
  /** The first instant with the new offset. */
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

function changesOf(zone: string): Change[] {
  const clock = clockOf(zone);
  const offset = (instant: number) => clock(instant) - instant;
  const changes: Change[] = [];
  // No zone changes its clocks twice in so short a time.
  const step = 4 * day;
  for (let at = from; at < to; at += step) {
    if (offset(at) === offset(at + step)) continue;
    let [low, high] = [at, at + step];
    while (high - low > minute) {
      const middle = low + Math.floor((high - low) / 2 / minute) * minute;
      if (offset(middle) === offset(at)) low = middle;
      else high = middle;
    }
    changes.push({ zone, at: high, before: offset(at), after: offset(at + step) });
  }
  return changes;
}

/** Of zones with the same rules, one. */
function distinctChanges(): Change[] {
  const seen = new Map<string, Change[]>();
  for (const zone of zones) {
    const changes = changesOf(zone);
    seen.set(JSON.stringify(changes.map(({ at, before, after }) => [at, before, after])), changes);
  }
  return [...seen.values()].flat();
}
const changes = distinctChanges();

interface Minute {
  readonly instant: number;
  readonly local: number;
}

/** Each minute of a window, and what the clock shows then. */
function walkThrough(zone: string, begin: number, end: number): Minute[] {
  const clock = clockOf(zone);
  return Array.from({ length: (end - begin) / minute }, (_, index) => {
    const instant = begin + index * minute;
    return { instant, local: clock(instant) };
  });
}

/** Every instant of a pattern of hours and minutes in a window, by looking at the clock of each minute. */
function slowTimes(walk: readonly Minute[], hours: readonly number[], minutes: readonly number[]): number[] {
  const end = (walk.at(-1)?.instant ?? 0) + minute;
  const isHourly = hours.length === 24;
  const found = new Set<number>();
  const seen = new Set<number>();
  const isNamed = (local: number) =>
    hours.includes(new Date(local).getUTCHours()) && minutes.includes(new Date(local).getUTCMinutes());
  for (const [index, { instant, local }] of walk.entries()) {
    if (isNamed(local) && (isHourly || !seen.has(local))) found.add(instant);
    seen.add(local);
    const due = (walk[index - 1]?.local ?? local - minute) + minute;
    for (let skipped = due; skipped < local; skipped += minute)
      if (isNamed(skipped)) found.add(instant + (skipped - due));
  }
  return [...found].filter(instant => instant < end).sort((one, other) => one - other);
}

function fastTimes(pattern: string, zone: string, begin: number, end: number): number[] {
  const found: number[] = [];
  for (let at = nextCronTime(pattern, zone, begin - 1); at !== null && at < end; at = nextCronTime(pattern, zone, at))
    found.push(at);
  return found;
}

const everyHour = Array.from({ length: 24 }, (_, each) => each);
const patterns: readonly (readonly [string, readonly number[], readonly number[]])[] = [
  ['0 0 * * *', [0], [0]],
  ['30 0 * * *', [0], [30]],
  ['15,45 1-3 * * *', [1, 2, 3], [15, 45]],
  ['0 2 * * *', [2], [0]],
  ['59 23 * * *', [23], [59]],
  ['10 23,0 * * *', [0, 23], [10]],
  ['0 * * * *', everyHour, [0]],
  ['*/15 * * * *', everyHour, [0, 15, 30, 45]],
];

describe('around each change of the clocks in ten years', () => {
  it('there are changes of an hour, of half an hour, and at midnight', () => {
    const steps = new Set(changes.map(({ before, after }) => Math.abs(after - before)));
    expect(steps).toContain(hour);
    expect(steps).toContain(hour / 2);
    const atMidnight = changes.filter(({ at, before }) => (at + before) % day === 0);
    expect(atMidnight.length).toBeGreaterThan(20);
  });

  it('the times are those that looking at each minute finds', () => {
    const seen = new Set<string>();
    for (const { zone, at, before, after } of changes) {
      // What matters of a change is the clocks' step, and when it is.
      const kind = [before, after, (at + before) % day].join();
      if (seen.has(kind)) continue;
      seen.add(kind);
      const [begin, end] = [at - 26 * hour, at + 26 * hour];
      const walk = walkThrough(zone, begin, end);
      for (const [pattern, hours, minutes] of patterns)
        expect(fastTimes(pattern, zone, begin, end), `${pattern} in ${zone} at ${new Date(at).toISOString()}`).toEqual(
          slowTimes(walk, hours, minutes),
        );
    }
    expect(seen.size).toBeGreaterThan(20);
  });

  it('a daily pattern comes once for each day, in order, and never in the past', () => {
    for (const { zone, at } of changes)
      for (const pattern of ['0 0 * * *', '30 0 * * *', '30 2 * * *', '0 12 * * *']) {
        const times = fastTimes(pattern, zone, at - 3 * day, at + 3 * day);
        const clock = clockOf(zone);
        const days = times.map(each => new Date(clock(each)).toISOString().slice(0, 10));
        expect(new Set(days).size, `${pattern} in ${zone}: ${days}`).toBe(days.length);
        const [first = 0, last = 0] = [times.at(0), times.at(-1)];
        expect(times.length, `${pattern} in ${zone}`).toBe(Math.round((last - first) / day) + 1);
        for (let step = -4; step <= 4; step++) {
          const asked = at + step * 15 * minute;
          expect(nextCronTime(pattern, zone, asked) ?? 0).toBeGreaterThan(asked);
        }
      }
  });
});

it.each([
  ['0 0 * * *', 'Africa/Cairo', '2026-04-23T12:00Z', '2026-04-23T22:00Z'],
  ['30 0 * * *', 'America/Santiago', '2026-09-05T12:00Z', '2026-09-06T04:30Z'],
  ['0 0 * * *', 'Asia/Beirut', '2026-03-28T12:00Z', '2026-03-28T22:00Z'],
  ['0 0 * * *', 'America/Havana', '2026-03-07T12:00Z', '2026-03-08T05:00Z'],
  ['0 0 * * *', 'Atlantic/Azores', '2026-03-28T12:00Z', '2026-03-29T01:00Z'],
  ['0 3 * * *', 'Australia/Lord_Howe', '2027-04-03T00:00Z', '2027-04-03T16:30Z'],
  ['*/15 * * * *', 'Pacific/Chatham', '2027-04-03T13:00Z', '2027-04-03T13:15Z'],
])('%s in %s, asked at %s, is %s', (pattern, zone, asked, next) => {
  expect(new Date(nextCronTime(pattern, zone, Date.parse(asked)) ?? 0).toISOString()).toBe(
    new Date(next).toISOString(),
  );
});

describe('in UTC, where no clock changes', () => {
  const part = (least: number, most: number) => {
    const value = fc.integer({ min: least, max: most });
    return fc.oneof(
      { weight: 3, arbitrary: fc.constant('*') },
      value.map(String),
      fc.tuple(value, value).map(([one, other]) => `${Math.min(one, other)}-${Math.max(one, other)}`),
      fc.integer({ min: 1, max: Math.min(12, most) }).map(step => `*/${step}`),
      fc.uniqueArray(value, { minLength: 2, maxLength: 4 }).map(values => values.join(',')),
    );
  };
  const weekDay = fc.oneof(part(0, 6), fc.constantFrom('mon-fri', 'SUN', '7', '5L', '1#2', '3#5', '0,6'));
  const monthDay = fc.oneof(part(1, 28), fc.constantFrom('L', '29', '31', '1,L'));
  const pattern = fc
    .tuple(part(0, 59), part(0, 23), monthDay, part(1, 12), weekDay)
    .map(parts => parts.join(' '))
    // The library has another idea of steps that cover every value.
    .filter(text => !/\*\/1( |$)/.test(text));

  it('the times are those of the queue library', () => {
    fc.assert(
      fc.property(pattern, fc.integer({ min: from, max: to }), (text, asked) => {
        let expected: number | null = null;
        try {
          expected = getNextMillis(asked, { pattern: text, tz: 'UTC' }) ?? null;
        } catch {
          return;
        }
        if (expected !== null) expect(nextCronTime(text, 'UTC', asked), text).toBe(expected);
      }),
      { numRuns: 2_000, seed: 7 },
    );
  });
});

it.each([
  '',
  '* * * *',
  '* * * * * *',
  '60 * * * *',
  '* 24 * * *',
  '* * 0 * *',
  '* * * 13 *',
  '* * * * 8',
  '5-1 * * * *',
  '*/0 * * * *',
  '*/61 * * * *',
  '1-2-3 * * * *',
  '1/2/3 * * * *',
  'a * * * *',
  '* * * * 1#6',
  '* * 31 2 *',
  '-1 * * * *',
  '1, * * * *',
])('"%s" is refused', pattern => {
  expect(() => nextCronTime(pattern, 'UTC', from)).toThrow();
});
