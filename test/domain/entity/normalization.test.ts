import { describe, expect, it } from 'vitest';
import {
  canonicalNormalization,
  checkNormalization,
  defaultNormalization,
  wordTable,
} from '../../../src/domain/entity/normalization.ts';

describe('a normalization file', () => {
  it('may be the default table', () => {
    expect(checkNormalization(defaultNormalization)).toEqual({ ok: true, normalization: defaultNormalization });
  });

  it('reports the place of every mistake', () => {
    const checked = checkNormalization({
      synonyms: { product: { 'wireless headphones': 7, earbuds: ' ' }, intent: 'refund' },
      allowedIntents: ['A', 1],
      other: true,
    });
    expect(checked.ok ? [] : checked.invalid.map(({ field }) => field)).toEqual([
      'synonyms.product["wireless headphones"]',
      'synonyms.product.earbuds',
      'synonyms.intent',
      'allowedIntents[1]',
      'other',
    ]);
  });

  it('refuses words that meet when case and space are ignored, and map to different values', () => {
    const checked = checkNormalization({ synonyms: { product: { Earbuds: 'A', ' earbuds': 'B', EARBUDS: 'A' } } });
    expect(checked.ok ? [] : checked.invalid).toEqual([
      {
        field: 'synonyms.product[" earbuds"]',
        value: 'B',
        message: expect.stringContaining('synonyms.product.Earbuds'),
      },
    ]);
  });

  it('may leave both fields out', () => {
    expect(checkNormalization({})).toEqual({ ok: true, normalization: { synonyms: {}, allowedIntents: null } });
    expect(checkNormalization([]).ok).toBe(false);
  });

  it('has one canonical form in whatever order it is written', () => {
    const one = { synonyms: { a: { x: '1', y: '2' }, b: {} }, allowedIntents: ['B', 'A'] };
    const other = { synonyms: { b: {}, a: { y: '2', x: '1' } }, allowedIntents: ['A', 'B', 'A'] };
    expect(canonicalNormalization(one)).toBe(canonicalNormalization(other));
    expect(canonicalNormalization({ ...one, allowedIntents: null })).not.toBe(canonicalNormalization(one));
  });
});

describe('a word table', () => {
  const table = wordTable(defaultNormalization);

  it('ignores case and surrounding space, and keeps words that it does not know', () => {
    expect(table.wordFor('product', '  Wireless HEADPHONES ')).toBe('WH-1000XM5');
    expect(table.wordFor('Product', 'bluetooth earbuds')).toBe('BUDS-PRO');
    expect(table.wordFor('product', ' Radio ')).toBe('Radio');
    expect(table.wordFor('colour', 'refund')).toBe('refund');
    expect(table.wordFor('constructor', 'toString')).toBe('toString');
  });

  it('knows the allowed intents; null allows all', () => {
    expect([table.isAllowedIntent('PROCESS_REFUND'), table.isAllowedIntent('refund')]).toEqual([true, false]);
    expect(wordTable({ synonyms: {}, allowedIntents: null }).isAllowedIntent('anything')).toBe(true);
  });
});
