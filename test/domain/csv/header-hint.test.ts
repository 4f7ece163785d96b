import { describe, expect, it } from 'vitest';
import { headerHint } from '../../../src/domain/csv/header-hint.ts';

const wanted = ['intent_id', 'actual_label'];

describe('headerHint', () => {
  it.each([
    ['semicolons', ['intent_id;actual_label'], /separated by semicolons.*decimals/],
    ['tabs', ['id\tintent_id\tx'], /separated by tabs/],
    ['vertical bars', ['intent_id|actual_label'], /separated by vertical bars/],
    ['semicolons and quotes', ['"intent_id";"actual_label"'], /separated by semicolons/],
    ['a separator line', ['sep=;'], /the first line is "sep=;"/],
    ['a separator line with a comma', ['sep=', ''], /the first line is "sep=,"/],
    ['capitals', ['Intent_ID', 'actual_label'], /Intent_ID must be written intent_id/],
    ['spaces', ['intent_id', ' actual_label'], /spaces or quotes around them/],
  ])('recognizes %s', (_case, names, hint) => {
    expect(headerHint(names, wanted)).toMatch(hint);
  });

  it('says nothing of other headers', () => {
    expect(headerHint(['id', 'label'], wanted)).toBeNull();
    expect(headerHint(['intent_id', 'score; sum'], wanted)).toBeNull();
    expect(headerHint([], wanted)).toBeNull();
  });
});
