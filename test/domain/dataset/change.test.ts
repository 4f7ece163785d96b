import fc from 'fast-check';
import { expect, it } from 'vitest';
import { change, changeBetween, changed } from '../../../src/domain/dataset/change.ts';
import type { Manifest } from '../../../src/domain/dataset/manifest.ts';
import { identity, part, version } from './version.ts';

/** A version with some of a few parts, so that lists of two versions begin alike or not. */
const versions: fc.Arbitrary<Manifest> = fc
  .record({
    parts: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 6 }),
    setAside: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
    nextGroup: fc.nat({ max: 2 }),
    lastRun: fc.constantFrom('demo.00000001', 'demo.00000002'),
    sweptAt: fc.constantFrom('2024-05-15T12:00:00.000Z', '2024-05-16T12:00:00.000Z'),
    similarity: fc.constantFrom(0.85, 0.9),
    isRestore: fc.boolean(),
  })
  .map(({ parts, setAside, similarity, isRestore, ...rest }) =>
    version({
      ...rest,
      identity: { ...identity, similarity },
      parts: parts.map(number => part(number, 1, 0, `demo.${number}`)),
      setAside: setAside.map(number => ({ run: `demo.${number}`, taken: part(0, 0).taken })),
      ...(isRestore ? { made: { by: 'restore', version: 1 } as const } : {}),
    }),
  );

it('a version is the one before and what it changed', () => {
  fc.assert(
    fc.property(fc.option(versions), versions, (before, after) => {
      const stored = change.parse(JSON.parse(JSON.stringify(changeBetween(before, after))));
      expect(changed(before, stored)).toEqual(after);
      expect(stored.rows.kept).toBe(after.parts.length);
    }),
  );
});

it('a change that is not of the version before is refused, not guessed', () => {
  const { base, ...later } = changeBetween(null, version());
  expect(base).toBeDefined();
  expect(changed(null, later)).toBeNull();
});

it('names only what differs', () => {
  const before = version({ parts: [part(0, 3)], nextGroup: 3 });
  expect(Object.keys(changeBetween(before, before)).sort()).toEqual(['made', 'rows', 'watermark']);
  const after = version({ parts: [...before.parts, part(3, 1, 0, 'demo.00000002')], nextGroup: 4 });
  expect(changeBetween(before, after).parts).toEqual({ keep: 1, add: after.parts.slice(1) });
});
