import { describe, expect, it } from 'vitest';
import { checkChain } from '../../../src/domain/audit/chain.ts';
import { foldChanges } from '../../../src/domain/audit/changes.ts';
import type { AuditEntry, EntryKind } from '../../../src/domain/audit/entry.ts';
import type { FoundSegment, Position } from '../../../src/domain/audit/segment.ts';

const entry = (id: string, kind: EntryKind): AuditEntry => ({
  id,
  kind,
  at: '2026-03-01T08:00:00.000Z',
  what: 'config.push',
  by: 'operator',
  details: {},
});

const hash = (number: number, version = 0) => `${version}${String(number).padStart(63, '0')}`;

/** Segment `number` of a whole log, its hash made up. */
function whole(
  number: number,
  changes: { place?: number; version?: number; previous?: string | null } = {},
): FoundSegment {
  const { place = number, version = 0, previous = number === 1 ? null : hash(number - 1) } = changes;
  return {
    number: place,
    sha256: hash(number, version),
    segment: { number, previous, writer: 'w', entries: [entry('a', 'action')] },
    damage: null,
  };
}

function placesOf(found: readonly FoundSegment[], expected?: Position): (number | null)[] {
  const chain = checkChain(expected);
  return [...found.flatMap(each => chain.next(each)), ...chain.end()].map(finding => finding.segment);
}

describe('the chain', () => {
  it('is whole when each holds the hash of the one before it', () => {
    expect(placesOf([])).toEqual([]);
    expect(placesOf([whole(1), whole(2), whole(3)])).toEqual([]);
  });

  it.each([
    ['an altered segment, its sum made anew', [whole(1), whole(2, { version: 9 }), whole(3)], [2]],
    ['a damaged one, once', [whole(1), { ...whole(2), segment: null, damage: 'torn' }, whole(3)], [2]],
    ['one that is missing', [whole(1), whole(3)], [2]],
    ['many that are missing', [whole(1), whole(7)], [2]],
    ['a missing first one', [whole(2)], [1]],
    ['two that changed places', [whole(1), whole(3, { place: 2 }), whole(2, { place: 3 }), whole(4)], [2, 3]],
    ['a first one that names another before it', [whole(1, { previous: hash(0) })], [1]],
    ['a later one that names none', [whole(1), whole(2, { previous: null })], [2]],
  ])('shows %s', (_, found: FoundSegment[], places) => {
    expect(placesOf(found)).toEqual(places);
  });

  it('shows a cut-off end, and one that was written anew, to whoever noted the head', () => {
    const noted = { number: 3, sha256: hash(3) };
    expect(placesOf([whole(1), whole(2), whole(3), whole(4)], noted)).toEqual([]);
    expect(placesOf([whole(1), whole(2)], noted)).toEqual([3]);
    expect(placesOf([], noted)).toEqual([3]);
    expect(placesOf([whole(1), whole(2), whole(3, { version: 9 })], noted)).toEqual([3]);
    expect(placesOf([whole(1), whole(2), whole(4)], noted)).toEqual([3]);
  });

  it('tells its head', () => {
    const chain = checkChain();
    expect(chain.head).toBeNull();
    chain.next(whole(1));
    expect(chain.head).toEqual({ number: 1, sha256: hash(1) });
  });
});

describe('changes', () => {
  it('are open between intent and outcome', () => {
    const fold = foldChanges();
    expect(fold.next(1, [entry('a', 'intent'), entry('b', 'intent'), entry('c', 'action')])).toEqual([]);
    expect(fold.next(2, [entry('b', 'outcome'), entry('d', 'intent'), entry('d', 'outcome')])).toEqual([]);
    expect(fold.open()).toMatchObject([{ id: 'a', segment: 1, what: 'config.push' }]);
  });

  it('have no outcome without an intent before it, and none a second one', () => {
    const fold = foldChanges();
    expect(fold.next(1, [entry('a', 'outcome')])).toMatchObject([{ id: 'a' }]);
    expect(fold.next(2, [entry('b', 'intent'), entry('b', 'outcome')])).toEqual([]);
    expect(fold.next(3, [entry('b', 'outcome')])).toMatchObject([{ id: 'b' }]);
  });
});
