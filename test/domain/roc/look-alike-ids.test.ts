import { describe, expect, it } from 'vitest';
import { lookAlikeIds, withCodePoints } from '../../../src/domain/roc/look-alike-ids.ts';

const zeroWidth = '\u200b';

describe('ids that look alike', () => {
  it.each([
    ['an invisible character', `refund${zeroWidth}`, 'refund'],
    ['a soft hyphen', 're\u00adfund', 'refund'],
    ['another Unicode form', 'cafe\u0301', 'caf\u00e9'],
    ['a letter of another script', 'r\u0435fund', 'refund'],
    ['another dash', 'card\u2010lost', 'card-lost'],
    ['letter case', 'Refund', 'refund'],
    ['spaces', ' refund', 'refund'],
    ['a no-break space', 'card\u00a0lost', 'card lost'],
  ])('differ by %s', (_, intentId, like) => {
    expect(lookAlikeIds([intentId], ['other', like], [intentId])).toEqual([{ intentId, like, isInTenant: true }]);
  });

  it('are not those that differ in letters', () => {
    expect(lookAlikeIds(['refunds', 'refund2', 'défi'], ['refund', 'defi'], ['refunds', 'refund2', 'défi'])).toEqual(
      [],
    );
  });

  it('may both be of the export alone; the tenant’s comes first', () => {
    const [a, b] = ['x', `x${zeroWidth}`];
    expect(lookAlikeIds([a, b], [], [a, b])).toEqual([{ intentId: b, like: a, isInTenant: false }]);
    expect(lookAlikeIds([a, b], ['X'], [a, b])).toEqual([
      { intentId: a, like: 'X', isInTenant: true },
      { intentId: b, like: 'X', isInTenant: true },
    ]);
  });

  it('are shown with the code points of what is not ASCII', () => {
    expect(withCodePoints(`re"f${zeroWidth}\u{1f600}é`)).toBe('"re\\"f\\u{200b}\\u{1f600}\\u{e9}"');
  });
});
