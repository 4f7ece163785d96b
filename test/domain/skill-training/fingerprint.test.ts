import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintLines } from '../../../src/domain/skill-training/fingerprint.ts';
import type { TrainingData } from '../../../src/domain/skill-training/training-data.ts';
import { anyTrainingData, dataOf } from './sample-data.ts';

const textOf = (data: TrainingData) => [...fingerprintLines(data)].join('');

describe('fingerprintLines', () => {
  it('has a line for each label and utterance, sorted', () => {
    const data = dataOf([
      ['zwei', 'b', 'de'],
      ['eins\n', 'a', 'de'],
    ]);
    expect(textOf(data)).toBe(
      [
        '["training-data",1]',
        '["label","a","Name of a",""]',
        '["label","b","Name of b",""]',
        '["utterance","eins\\n","a","de"]',
        '["utterance","zwei","b","de"]',
        '',
      ].join('\n'),
    );
  });

  it('is the same whatever the order', () => {
    fc.assert(
      fc.property(anyTrainingData, ({ utterances, labels }) => {
        const reversed = { utterances: utterances.toReversed(), labels: labels.toReversed() };
        expect(textOf(reversed)).toBe(textOf({ utterances, labels }));
      }),
    );
  });

  it('differs where anything else does', () => {
    const data = dataOf([
      ['a', 'x'],
      ['b', 'y'],
    ]);
    const others = [
      dataOf([
        ['a ', 'x'],
        ['b', 'y'],
      ]),
      dataOf([
        ['a', 'y'],
        ['b', 'x'],
      ]),
      dataOf([
        ['a', 'x'],
        ['b', 'y', 'de'],
      ]),
      dataOf([
        ['a', 'x'],
        ['b', 'y'],
        ['b', 'y'],
      ]),
      dataOf(
        [
          ['a', 'x'],
          ['b', 'y'],
        ],
        ['x', 'y', 'z'],
      ),
    ];
    expect(new Set([data, ...others].map(textOf)).size).toBe(6);
  });

  it('keeps halves of surrogate pairs apart', () => {
    const bytes = ['\ud800', '\udbff', '\ufffd'].map(text =>
      new TextEncoder().encode(textOf(dataOf([[text, 'x']]))).join(),
    );
    expect(new Set(bytes).size).toBe(3);
  });
});
