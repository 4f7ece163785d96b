import { describe, expect, it } from 'vitest';
import { payloadOf, trainingPayload } from '../../../src/domain/skill-training/payload.ts';
import { dataOf } from './sample-data.ts';

describe('payloadOf', () => {
  it('is the platform’s request, field for field, in the language of the data', () => {
    const payload = payloadOf(
      'skill-1',
      dataOf([
        [' alt ', 'a', 'de'],
        ['neu', 'b', 'de'],
      ]),
    );
    expect(payload).toEqual({
      skillId: 'skill-1',
      trainingData: {
        utterances: [
          { text: ' alt ', label: 'a', language: 'de' },
          { text: 'neu', label: 'b', language: 'de' },
        ],
        validationSplit: 0.2,
        language: 'de',
      },
      labels: [
        { id: 'a', name: 'Name of a', description: '' },
        { id: 'b', name: 'Name of b', description: '' },
      ],
      hyperparameters: { maxEpochs: 50, earlyStopping: true, patience: 5 },
    });
    expect(trainingPayload.parse(JSON.parse(JSON.stringify(payload)))).toEqual(payload);
  });

  it('is never made of data with a problem, and the error names them all', () => {
    const data = dataOf(
      [
        ['', 'a'],
        ['b', 'b', 'de'],
      ],
      ['a'],
    );
    expect(() => payloadOf('skill-1', data)).toThrow(
      expect.objectContaining({
        code: 'BAD_INPUT',
        where: 'utterances[0].text',
        message:
          'the training data cannot be used: 1 text is empty: utterances[0].text; 2 languages where one is allowed: "en" (1), "de" (1); 1 label is not defined: "b" (1)',
      }),
    );
  });

  it('is made of data with warnings', () => {
    expect(
      payloadOf(
        's',
        dataOf([
          ['a', 'x'],
          ['a', 'y'],
          ['a', 'x'],
        ]),
      ).trainingData.utterances,
    ).toHaveLength(3);
  });
});
