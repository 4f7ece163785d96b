import { describe, expect, it } from 'vitest';
import { oneClass, similarLabels, similarTexts } from '../../../src/domain/skill-training/look-alikes.ts';

const dataOf = (...pairs: readonly (readonly [text: string, label: string])[]) => ({
  utterances: pairs.map(([text, label]) => ({ text, label, language: 'en' })),
  labels: [...new Set(pairs.map(([, label]) => label))].map(id => ({ id, name: id, description: '' })),
});

describe('similarLabels', () => {
  it.each([
    ['a space', 'billing', 'billing ', '"billing" and "billing "'],
    ['letter case', 'Spam', 'spam', '"Spam" and "spam"'],
    ['an invisible character', 'spam', 'sp\u200bam', '"spam" and "sp\\u{200b}am"'],
    ['a no-break space', 'a b', 'a\u00a0b', '"a b" and "a\\u{a0}b"'],
    ['its Unicode form', 'caf\u00e9', 'cafe\u0301', '"caf\u00e9" and "cafe\\u{301}"'],
  ])('names labels that differ in %s', (_what, one, other, shown) => {
    const [problem] = similarLabels(dataOf(['x', one], ['y', other]));
    expect(problem).toMatchObject({ code: 'similar-labels', count: 1 });
    expect(problem?.message).toContain(shown);
  });

  it('says nothing of other labels', () => {
    expect(similarLabels(dataOf(['x', 'billing'], ['y', 'bill ing'], ['z', 'delivery']))).toEqual([]);
  });
});

it('oneClass names the only label', () => {
  expect(oneClass(dataOf(['x', 'a'], ['y', 'a']))).toMatchObject([{ code: 'one-class' }]);
  expect(oneClass(dataOf(['x', 'a'], ['y', 'b']))).toEqual([]);
  expect(oneClass(dataOf())).toEqual([]);
});

it('similarTexts names the labels of texts that are almost equal, not the texts', () => {
  const [problem] = similarTexts(dataOf(['Hello  Ann', 'a'], ['other', 'b'], ['hello ann', 'b']));
  expect(problem).toMatchObject({ code: 'similar-texts', count: 1, where: 'utterances[0]' });
  expect(problem?.message).toMatch(/utterances 0 \("a"\) ~ 2 \("b"\)$/);
  expect(similarTexts(dataOf(['same', 'a'], ['same ', 'b'], ['Same', 'b']))).toHaveLength(1);
  expect(similarTexts(dataOf(['same', 'a'], ['same', 'b']))).toEqual([]);
});
