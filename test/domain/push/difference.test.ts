import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { difference, differenceTo, distance, type Live, movesBeyond } from '../../../src/domain/push/difference.ts';
import type { Thresholds } from '../../../src/domain/push/thresholds.ts';

type Drawn = Readonly<Record<string, number>>;

/** Thresholds by intent; those named in `carried` are marked so. */
function setting(global: number, values: Drawn, carried: Drawn = {}): Thresholds {
  return {
    global,
    intents: [
      ...Object.entries(values).map(([intentId, threshold]) => ({ intentId, name: `${intentId}!`, threshold })),
      ...Object.entries(carried).map(([intentId, threshold]) => ({
        intentId,
        name: `${intentId}!`,
        threshold,
        carried: 'why',
      })),
    ],
  };
}

const liveAs = (thresholds: Thresholds): Live => ({ version: 7, at: '2024-05-15T12:00:00.000Z', thresholds });

describe('the difference', () => {
  it('to nothing is that all is added', () => {
    const first = differenceTo(null, setting(0.5, { a: 0.4 }));
    expect(first).toEqual({
      since: null,
      global: { before: null, after: 0.5 },
      added: [{ intentId: 'a', name: 'a!', after: 0.4 }],
      removed: [],
      changed: [],
      carried: [],
      unchanged: 0,
    });
    expect(difference.parse(first)).toEqual(first);
  });

  it('tells what is added, removed, changed, carried and unchanged', () => {
    const before = liveAs(setting(0.5, { same: 0.1, moved: 0.2, gone: 0.3 }, { kept: 0.4 }));
    expect(differenceTo(before, setting(0.6, { same: 0.1, moved: 0.25, fresh: 0.9 }, { kept: 0.4 }))).toEqual({
      since: { version: 7, at: '2024-05-15T12:00:00.000Z' },
      global: { before: 0.5, after: 0.6 },
      added: [{ intentId: 'fresh', name: 'fresh!', after: 0.9 }],
      removed: [{ intentId: 'gone', name: 'gone!', before: 0.3 }],
      changed: [{ intentId: 'moved', name: 'moved!', before: 0.2, after: 0.25 }],
      carried: [{ intentId: 'kept', name: 'kept!', threshold: 0.4, reason: 'why' }],
      unchanged: 1,
    });
  });

  it('counts a new value as one that equals the carried one before', () => {
    expect(differenceTo(liveAs(setting(0.5, {}, { a: 0.4 })), setting(0.5, { a: 0.4 }))).toMatchObject({
      added: [],
      changed: [],
      carried: [],
      unchanged: 1,
    });
  });
});

describe('what moves too far', () => {
  const moved = (before: Thresholds, after: Thresholds, maxChange = 0.2) =>
    movesBeyond(maxChange, differenceTo(liveAs(before), after)).map(({ what }) => what);

  it('is nothing with the first push, however far', () => {
    expect(movesBeyond(0, differenceTo(null, setting(1, { a: 0 })))).toEqual([]);
  });

  it('is what moves by more than the bound: exactly the bound is not beyond, whatever binary fractions make of it', () => {
    expect(0.3 - 0.1).toBeLessThan(0.2);
    expect(0.9 - 0.7).toBeGreaterThan(0.2);
    expect(moved(setting(0.5, { a: 0.1, b: 0.7 }), setting(0.5, { a: 0.3, b: 0.9 }))).toEqual([]);
    expect(moved(setting(0.5, { a: 0.1, b: 0.7 }), setting(0.5, { a: 0.301, b: 0.901 }))).toEqual(['a!', 'b!']);
    expect(moved(setting(0.5, { a: 0.5 }), setting(0.501, { a: 0.5 }), 0)).toEqual(['the global threshold']);
  });

  it('is told the farthest first', () => {
    const before = setting(0.2, { a: 0.5, b: 0.5 });
    expect(moved(before, setting(0.9, { a: 0.1, b: 0.8 }))).toEqual(['the global threshold', 'a!', 'b!']);
  });

  it('is measured from the global threshold for what is added; what is removed is no intent any more', () => {
    const before = setting(0.5, { gone: 0.75, near: 0.5 });
    const after = setting(0.5, { fresh: 0.1, close: 0.65 });
    expect(movesBeyond(0.2, differenceTo(liveAs(before), after))).toEqual([
      { what: 'fresh!', before: 0.5, after: 0.1 },
    ]);
  });

  it('is never what is carried', () => {
    expect(moved(setting(0.5, { a: 0.9 }), setting(0.5, {}, { a: 0.9 }), 0)).toEqual([]);
  });
});

const thousandths = fc.integer({ min: 0, max: 1000 });

it('thresholds of 3 decimals move by whole thousandths', () => {
  fc.assert(
    fc.property(thousandths, thousandths, thousandths, (before, after, bound) => {
      const move = { before: before / 1000, after: after / 1000 };
      expect(distance(move)).toBe(Math.abs(after - before) / 1000);
      const { before: from, after: to } = move;
      const beyond = movesBeyond(bound / 1000, differenceTo(liveAs(setting(from, {})), setting(to, {})));
      expect(beyond.length > 0).toBe(Math.abs(after - before) > bound);
    }),
    { numRuns: 2_000 },
  );
});

const drawnThresholds = fc
  .tuple(
    thousandths,
    fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), thousandths),
    fc.dictionary(fc.constantFrom('e', 'f'), thousandths),
  )
  .map(([global, values, carried]) => {
    const scaled = (drawn: Drawn) => Object.fromEntries(Object.entries(drawn).map(([id, value]) => [id, value / 1000]));
    return setting(global / 1000, scaled(values), scaled(carried));
  });

it('the difference, applied to what was in force, gives what is pushed', () => {
  fc.assert(
    fc.property(drawnThresholds, drawnThresholds, (before, after) => {
      const { added, removed, changed, carried, global, unchanged } = differenceTo(liveAs(before), after);
      const applied = new Map(before.intents.map(each => [each.intentId, each.threshold]));
      for (const { intentId } of removed) expect(applied.delete(intentId)).toBe(true);
      for (const { intentId, before: was } of changed) expect(applied.get(intentId)).toBe(was);
      for (const { intentId, after: value } of [...added, ...changed]) applied.set(intentId, value);
      for (const { intentId, threshold } of carried) applied.set(intentId, threshold);
      expect(Object.fromEntries(applied)).toEqual(
        Object.fromEntries(after.intents.map(each => [each.intentId, each.threshold])),
      );
      expect(global).toEqual({ before: before.global, after: after.global });
      expect(added.length + changed.length + carried.length + unchanged).toBe(after.intents.length);
    }),
    { numRuns: 500 },
  );
});
