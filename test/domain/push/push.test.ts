import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  foldPushes,
  isSettled,
  livePush,
  type Push,
  type PushEvent,
  pushEvent,
} from '../../../src/domain/push/push.ts';

const at = (second: number) => new Date(Date.UTC(2024, 4, 15, 12, 0, second)).toISOString();
const thresholds = { global: 0.5, intents: [{ intentId: 'a', name: 'A', threshold: 0.4 }] };

const asked = (version: number, second = 0): PushEvent => ({
  kind: 'pending',
  sha256: 'f'.repeat(64),
  version,
  at: at(second),
  request: `request-${version}`,
  by: 'ada',
  source: { kind: 'tuning', tuning: 't' },
  thresholds,
});
const sent = (version: number, request: string, second = 0): PushEvent => ({
  kind: 'sent',
  version,
  at: at(second),
  request,
});
const applied = (version: number, second = 0): PushEvent => ({ kind: 'applied', version, at: at(second) });
const failed = (kind: 'refused' | 'unknown', version: number, second = 0): PushEvent => ({
  kind,
  version,
  at: at(second),
  code: 'CODE',
  message: 'why',
});

describe('pushes', () => {
  it('are none in an empty log', () => {
    expect(foldPushes([])).toEqual([]);
    expect(livePush([])).toBeNull();
  });

  it('tell who sent them last, how often, and what became of them', () => {
    const events = [
      asked(1),
      sent(1, 'request-1', 1),
      failed('unknown', 1, 2),
      sent(1, 'request-2', 3),
      applied(1, 4),
      asked(2, 5),
      sent(2, 'request-2', 6),
      failed('refused', 2, 7),
      asked(3, 8),
    ];
    const pushes = foldPushes(events);
    const common = { sha256: 'f'.repeat(64), by: 'ada', source: { kind: 'tuning', tuning: 't' }, thresholds };
    expect(pushes).toEqual([
      {
        ...common,
        version: 1,
        request: 'request-1',
        at: at(0),
        state: 'applied',
        since: at(4),
        sentBy: 'request-2',
        timesSent: 2,
        appliedAt: at(4),
        openSince: at(1),
        reason: null,
      },
      {
        ...common,
        version: 2,
        request: 'request-2',
        at: at(5),
        state: 'refused',
        since: at(7),
        sentBy: 'request-2',
        timesSent: 1,
        appliedAt: null,
        openSince: null,
        reason: 'why',
      },
      {
        ...common,
        version: 3,
        request: 'request-3',
        at: at(8),
        state: 'pending',
        since: at(8),
        sentBy: null,
        timesSent: 0,
        appliedAt: null,
        openSince: null,
        reason: null,
      },
    ]);
    expect(livePush(pushes)?.version).toBe(1);
    expect(events.map(event => pushEvent.parse(JSON.parse(JSON.stringify(event))))).toEqual(events);
  });
});

/** What happened to a push, by one letter an event: s(ent), a(pplied), r(efused), u(nknown). */
const course = fc
  .tuple(fc.array(fc.constantFrom('su', 's')), fc.constantFrom('sa', 'sr', 'r'))
  .map(([unsettled, end]) => [...unsettled.join(''), ...end]);
const lastCourse = fc.array(fc.constantFrom('su', 's'), { maxLength: 3 }).map(unsettled => [...unsettled.join('')]);

/** A legal log: each push is settled before the next is asked for, the last one perhaps not. */
const legal = fc.tuple(fc.array(course, { maxLength: 6 }), fc.option(lastCourse)).map(([courses, last]) => {
  const all = last === null ? courses : [...courses, last];
  const events = all.flatMap((letters, index) => {
    const version = index + 1;
    return [
      asked(version),
      ...letters.map(letter => {
        if (letter === 's') return sent(version, `request-${version}`);
        if (letter === 'a') return applied(version);
        return failed(letter === 'r' ? 'refused' : 'unknown', version);
      }),
    ];
  });
  return { courses: all, events };
});

const states = { s: 'sent', a: 'applied', r: 'refused', u: 'unknown' } as const;

function stateAfter(letters: readonly string[]): Push['state'] {
  const last = letters.at(-1);
  return last === 's' || last === 'a' || last === 'r' || last === 'u' ? states[last] : 'pending';
}

it('whatever happens, the newest applied push is in force, and only the newest of all may be unsettled', () => {
  fc.assert(
    fc.property(legal, ({ courses, events }) => {
      const pushes = foldPushes(events);
      expect(pushes.map(push => push.version)).toEqual(courses.map((_, index) => index + 1));
      expect(pushes.map(push => push.state)).toEqual(courses.map(stateAfter));
      expect(pushes.map(push => push.timesSent)).toEqual(
        courses.map(letters => letters.filter(letter => letter === 's').length),
      );
      const lastApplied = courses.findLastIndex(letters => letters.includes('a')) + 1;
      expect(livePush(pushes)?.version ?? 0).toBe(lastApplied);
      expect(pushes.slice(0, -1).every(isSettled)).toBe(true);
      for (const { state, reason } of pushes) expect(reason !== null).toBe(state === 'refused' || state === 'unknown');
    }),
    { numRuns: 500 },
  );
});

it('a log read half way is a log of then', () => {
  fc.assert(
    fc.property(legal, fc.nat(), ({ events }, cut) => {
      const length = events.length === 0 ? 0 : cut % events.length;
      const [then, now] = [foldPushes(events.slice(0, length)), foldPushes(events)];
      expect(now.slice(0, Math.max(0, then.length - 1))).toEqual(then.slice(0, -1));
    }),
  );
});
