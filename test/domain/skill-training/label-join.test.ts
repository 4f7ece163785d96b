import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinLabels, type LabelRow } from '../../../src/domain/skill-training/label-join.ts';

/** The rows of a file whose header is line 1. */
const rows = (...pairs: readonly (readonly [utterance: string, label: string])[]): LabelRow[] =>
  pairs.map(([utterance, label], index) => ({ line: index + 2, utterance, label }));

describe('joinLabels', () => {
  it('gives the dataset’s rows their labels, in its order', () => {
    const joined = joinLabels(
      ['pay', 'stop', 'hello'],
      rows(['stop', 'cancel'], [' pay\n', ' billing '], ['bye', 'end']),
      'de',
    );
    expect(joined).toEqual({
      data: {
        utterances: [
          { text: 'pay', label: 'billing', language: 'de' },
          { text: 'stop', label: 'cancel', language: 'de' },
        ],
        labels: [
          { id: 'billing', name: 'billing', description: '' },
          { id: 'cancel', name: 'cancel', description: '' },
        ],
      },
      unlabelledRows: 1,
      unmatched: { count: 1, lines: [4] },
      blankLabels: 0,
      problems: [],
    });
  });

  it('takes a blank label for one that is still to come', () => {
    const joined = joinLabels(['a'], rows(['a', ' '], ['b', '']));
    expect(joined).toMatchObject({ unlabelledRows: 1, blankLabels: 2, unmatched: { count: 0 }, problems: [] });
    expect(joinLabels(['a'], rows(['a', ''], ['a', 'x'])).data.utterances).toHaveLength(1);
  });

  it('tells upper from lower case', () => {
    expect(joinLabels(['a'], rows(['A', 'x']))).toMatchObject({ unlabelledRows: 1, unmatched: { count: 1 } });
  });

  it('names the lines of two labels for one utterance, not the utterance', () => {
    const joined = joinLabels(
      ['secret', 'b'],
      rows(['secret', 'x'], ['b', 'x'], ['secret', 'y'], ['b', 'x'], [' secret', 'x']),
    );
    expect(joined.problems).toEqual([
      {
        code: 'conflicting-labels',
        message: 'lines 2, 4 give one utterance 2 labels: "x", "y"',
        count: 1,
        where: '4',
      },
    ]);
    expect(joined.data.utterances.map(each => each.text)).toEqual(['b']);
  });

  it('shows the first of many conflicts and counts the others', () => {
    const many = Array.from(
      { length: 30 },
      (_, index) =>
        [
          [`${index}`, 'x'],
          [`${index}`, 'y'],
        ] as const,
    ).flat();
    const { problems } = joinLabels([], rows(...many));
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toMatchObject({ count: 10, message: '10 more utterances have two labels' });
  });

  it('leaves no row of either side uncounted', () => {
    const texts = fc.constantFrom('a', 'b', 'c', 'd', '__proto__');
    const pairs = fc.array(fc.tuple(texts, fc.constantFrom('', 'x', 'y')));
    fc.assert(
      fc.property(fc.array(texts), pairs, (dataset, file) => {
        const joined = joinLabels(dataset, rows(...file));
        const labelsOf = (text: string) =>
          new Set(file.filter(([other, label]) => other === text && label !== '').map(([, label]) => label));
        const having = (many: number) => dataset.filter(text => labelsOf(text).size === many);
        expect(joined.data.utterances.map(each => each.text)).toEqual(having(1));
        expect(joined.unlabelledRows).toBe(having(0).length);
        expect(joined.blankLabels).toBe(file.filter(([, label]) => label === '').length);
        const labelled = new Set(file.filter(([, label]) => label !== '').map(([text]) => text));
        expect(joined.unmatched.count).toBe([...labelled].filter(text => !dataset.includes(text)).length);
        expect(joined.problems).toHaveLength([...labelled].filter(text => labelsOf(text).size === 2).length);
      }),
    );
  });
});
