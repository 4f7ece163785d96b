import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkTrainingData } from '../../../src/domain/skill-training/check-training-data.ts';
import type { TrainingData } from '../../../src/domain/skill-training/training-data.ts';
import { anyTrainingData, classesOf, dataOf } from './sample-data.ts';

const codes = (data: TrainingData) => checkTrainingData(data).problems.map(problem => problem.code);
const problem = (data: TrainingData, code: string) => {
  const { problems, warnings } = checkTrainingData(data);
  return [...problems, ...warnings].find(each => each.code === code);
};

describe('checkTrainingData', () => {
  it('finds nothing in sound data', () => {
    expect(checkTrainingData(classesOf({ a: 3, b: 9, c: 5 }))).toEqual({ problems: [], warnings: [] });
  });

  it('finds that there are no utterances', () => {
    expect(codes(dataOf([], ['a']))).toEqual(['no-utterances']);
  });

  it('finds all problems and warnings at once', () => {
    const data = dataOf(
      [
        ['one', 'a'],
        ['one', 'a'],
        [' ', 'a'],
        ['two', 'a', 'de'],
        ['two', 'b'],
        ['three', 'a'],
      ],
      ['a', 'a', 'c'],
    );
    const { problems, warnings } = checkTrainingData(data);
    expect(problems).toEqual([
      { code: 'empty-texts', message: '1 text is empty: utterances[2].text', count: 1, where: 'utterances[2].text' },
      {
        code: 'languages',
        message: '2 languages where one is allowed: "en" (5), "de" (1)',
        count: 2,
        where: 'utterances[3].language',
      },
      {
        code: 'imbalance',
        message: 'the largest class, "a" with 5, is 5 times the smallest, "b" with 1; at most 3.0 is allowed',
        count: 1,
      },
      {
        code: 'undefined-labels',
        message: '1 label is not defined: "b" (1)',
        count: 1,
        where: 'utterances[4].label',
      },
      {
        code: 'duplicate-label-ids',
        message: '1 label id is defined more than once: "a" (2)',
        count: 1,
        where: 'labels[1].id',
      },
    ]);
    expect(warnings).toEqual([
      { code: 'unused-labels', message: '1 label has no utterances: "c"', count: 1, where: 'labels[2]' },
      {
        code: 'ambiguous-texts',
        message: '1 text has more than one label: utterances 3 = 4',
        count: 1,
        where: 'utterances[3]',
      },
      {
        code: 'duplicates',
        message: '1 utterance repeats another with the same label: utterances 0 = 1',
        count: 1,
        where: 'utterances[1]',
      },
    ]);
  });

  it('names utterances in warnings as its caller does', () => {
    const data = {
      utterances: [
        { text: 'hello', label: 'a', language: 'en' },
        { text: 'hello', label: 'b', language: 'en' },
        { text: 'Hello', label: 'b', language: 'en' },
        { text: 'bye', label: 'a', language: 'en' },
        { text: 'bye', label: 'a', language: 'en' },
      ],
      labels: ['a', 'b'].map(id => ({ id, name: id, description: '' })),
    };
    const named = checkTrainingData(data, index => `«${data.utterances[index]?.text}»`).warnings;
    expect(named.map(({ message }) => message)).toEqual([
      '1 text has more than one label: utterances «hello»',
      '1 text has more than one label, written almost the same: utterances «hello» ("a") ~ «hello» ("b")',
      '1 utterance repeats another with the same label: utterances «bye»',
    ]);
  });

  it('allows a ratio of exactly three', () => {
    expect(codes(classesOf({ a: 7, b: 21 }))).toEqual([]);
    expect(codes(classesOf({ a: 7, b: 22 }))).toEqual(['imbalance']);
    expect(problem(classesOf({ a: 7, b: 22, c: 25, d: 25 }), 'imbalance')).toMatchObject({
      message: 'the largest class, "c" with 25, is 3.57143 times the smallest, "a" with 7; at most 3.0 is allowed',
      count: 3,
    });
  });

  it('takes any one language for the language', () => {
    expect(
      codes(
        dataOf([
          ['a', 'x', 'de'],
          ['b', 'x', 'de'],
        ]),
      ),
    ).toEqual([]);
  });

  it('says the first of many places only', () => {
    const data = dataOf(
      Array.from({ length: 12 }, (_, index) => ['', `label ${index}`] as const),
      [],
    );
    expect(problem(data, 'empty-texts')?.message).toMatch(
      /^12 texts are empty: utterances\[0\].*\[4\]\.text and 7 more$/,
    );
    expect(problem(data, 'undefined-labels')?.message).toMatch(/"label 9" \(1\) and 2 more$/);
  });

  it('compares texts without the spaces around them', () => {
    const data = dataOf([
      ['a', 'x'],
      [' a\n', 'x'],
      ['a ', 'y'],
      ['a', 'x'],
      ['a', 'x'],
    ]);
    expect(problem(data, 'duplicates')).toMatchObject({ count: 3, message: expect.stringContaining('0 = 1 = 3 = …') });
    expect(problem(data, 'ambiguous-texts')).toMatchObject({ count: 1, message: expect.stringContaining('0 = 2') });
  });

  it('never shows a text', () => {
    const text = 'my card number is 4111';
    const long = `${text} and this is far too long for a label, as it stands in the wrong column`;
    const findings = checkTrainingData(
      dataOf(
        [
          [text, 'a'],
          [text, 'b'],
          [text, 'a'],
          ['b', long],
        ],
        ['a'],
      ),
    );
    expect(findings.problems.map(each => each.code)).toEqual(['undefined-labels']);
    expect(findings.warnings).toHaveLength(2);
    expect(JSON.stringify(findings)).not.toContain('4111');
  });

  it('counts as a second, simple way of counting does', () => {
    fc.assert(
      fc.property(anyTrainingData, data => {
        const { utterances, labels } = data;
        const of = (label: string) => utterances.filter(each => each.label === label).length;
        const sizes = [...new Set(utterances.map(each => of(each.label)))];
        const ids = labels.map(label => label.id);
        const texts = utterances.map(each => each.text.trim()).filter(text => text !== '');
        const pairs = utterances
          .filter(each => each.text.trim() !== '')
          .map(each => `${each.text.trim()}|${each.label}`);
        const isTwofold = (text: string) => new Set(pairs.filter(pair => pair.startsWith(`${text}|`))).size > 1;
        const expected = {
          'no-utterances': utterances.length === 0 ? 0 : undefined,
          'empty-texts': utterances.length - texts.length || undefined,
          languages: new Set(utterances.map(each => each.language)).size === 2 ? 2 : undefined,
          imbalance:
            [...new Set(utterances.map(each => each.label))].filter(l => of(l) > 3 * Math.min(...sizes)).length ||
            undefined,
          'undefined-labels': utterances.filter(each => !ids.includes(each.label)).length || undefined,
          'duplicate-label-ids':
            new Set(ids.filter(id => ids.filter(other => other === id).length > 1)).size || undefined,
          'unused-labels': new Set(ids.filter(id => of(id) === 0)).size || undefined,
          'ambiguous-texts': [...new Set(texts)].filter(isTwofold).length || undefined,
          duplicates: pairs.length - new Set(pairs).size || undefined,
        };
        for (const [code, count] of Object.entries(expected))
          expect([code, problem(data, code)?.count]).toEqual([code, count]);
      }),
    );
  });
});
