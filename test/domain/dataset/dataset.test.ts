import { describe, expect, it } from 'vitest';
import { datasetName, identityDifferences } from '../../../src/domain/dataset/identity.ts';
import { manifest, restored, rowCounts } from '../../../src/domain/dataset/manifest.ts';
import { columns, keptRecord, keptRow, keptRowOf, removedRecord, removedRow } from '../../../src/domain/dataset/row.ts';
import { identity, part, version } from './version.ts';

describe('a dataset’s name', () => {
  it('is a folder’s name in which NAME@VERSION stays readable', () => {
    for (const name of ['demo', 'A', '0', 'support_de-2024', 'x'.repeat(64)])
      expect(datasetName.safeParse(name).success, name).toBe(true);
    for (const name of ['', '.', '..', 'a/b', 'a.b', 'a@1', '-a', '_a', 'a b', 'ä', 'x'.repeat(65), 'a\n'])
      expect(datasetName.safeParse(name).success, name).toBe(false);
  });
});

describe('identityDifferences', () => {
  it('is empty for the same identity', () => {
    expect(identityDifferences(identity, { ...identity })).toEqual([]);
    expect(identityDifferences({ ...identity, bots: ['a', 'b'] }, { ...identity, bots: ['a', 'b'] })).toEqual([]);
  });

  it('names each difference with both values', () => {
    const wanted = { tenant: 't-1', model: 'f00', similarity: 0.9, minRating: 3, bots: ['a', 'b'] };
    expect(identityDifferences(identity, wanted)).toEqual([
      'tenant is sandbox, not t-1',
      'model is e5c0ffee, not f00',
      'similarity is 0.85, not 0.9',
      'minimum rating is 4, not 3',
      'bots is all, not a b',
    ]);
  });
});

describe('a restored version', () => {
  const old = version({ parts: [part(0, 3)], nextGroup: 3, watermark: '2024-01-01T00:00:00.000Z' });
  const later = part(3, 4, 0, 'demo.00000002');
  const head = version({
    parts: [part(0, 3), later],
    nextGroup: 7,
    lastRun: 'demo.00000002',
    sweptAt: '2024-05-15T11:00:00.000Z',
  });

  it('has the old parts, neither an older watermark nor freed row numbers, and takes nothing again', () => {
    expect(restored(head, old, 1, false)).toEqual({
      ...head,
      parts: old.parts,
      setAside: [{ run: 'demo.00000002', taken: later.taken }],
      made: { by: 'restore', version: 1 },
    });
  });

  it('is as it was when it rewinds, but for the row numbers and the runs', () => {
    const rewound = restored(head, old, 1, true);
    expect(rewound).toEqual({
      ...old,
      nextGroup: head.nextGroup,
      lastRun: head.lastRun,
      made: { by: 'restore', version: 1 },
    });
  });

  it('forgets what was set aside when the parts are back', () => {
    const back = restored(restored(head, old, 1, false), head, 2, false);
    expect(back).toMatchObject({ parts: head.parts, setAside: [] });
  });

  it('can be written and read back', () => {
    const made = restored(head, old, 1, false);
    expect(manifest.parse(JSON.parse(JSON.stringify(made)))).toEqual(made);
  });
});

describe('rowCounts', () => {
  it('adds up the parts', () => {
    expect(rowCounts(version())).toEqual({ kept: 0, removed: 0 });
    expect(rowCounts(version({ parts: [part(0, 3, 1), part(3, 4, 5)] }))).toEqual({ kept: 7, removed: 6 });
  });
});

describe('rows', () => {
  const turn = {
    interactionId: 'c1',
    timestamp: '2024-05-15T12:00:00.000Z',
    botId: 'b',
    rating: 4.5,
    position: 3,
    userUtterance: 'hi',
    botResponse: 'hello',
  };

  it('stand in the order of the columns', () => {
    expect(keptRecord(keptRowOf(turn), 7)).toEqual([
      'c1',
      '2024-05-15T12:00:00.000Z',
      'b',
      '4.5',
      'hi',
      'hello',
      '1.0',
      '7',
    ]);
    expect(columns).toHaveLength(8);
  });

  it('give a removed turn’s cosine with four decimals, and the row that it duplicates', () => {
    expect(removedRecord([...keptRowOf(turn), 0.91, 12])).toEqual([
      'c1',
      '2024-05-15T12:00:00.000Z',
      'b',
      '4.5',
      'hi',
      'hello',
      '0.9100',
      '12',
    ]);
    expect(removedRecord([...keptRowOf(turn), 1.0000000000000002, 0]).slice(6)).toEqual(['1.0000', '0']);
  });

  it('are refused with a column too few or too many', () => {
    const row = keptRowOf(turn);
    expect(keptRow.safeParse(row).success).toBe(true);
    expect(keptRow.safeParse(row.slice(1)).success).toBe(false);
    expect(removedRow.safeParse([...row, 0.9, 1]).success).toBe(true);
    expect(removedRow.safeParse([...row, 0.9, 1.5]).success).toBe(false);
    expect(removedRow.safeParse([...row, 0.9, 1, 1]).success).toBe(false);
  });
});
