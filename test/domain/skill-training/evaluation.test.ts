import { describe, expect, it } from 'vitest';
import {
  describeStray,
  evaluation,
  evaluationProblems,
  refuseUnusable,
  strayLabels,
} from '../../../src/domain/skill-training/evaluation.ts';

const labels = [
  { id: 'a', name: 'A' },
  { id: 'b', name: 'B' },
];
const read = (fields: object) =>
  evaluation.parse({ labels, predictions: [], actuals: [], trainingDurationSeconds: 1, ...fields });

describe('an evaluation', () => {
  it('has predictions with and without scores', () => {
    expect(
      read({ predictions: ['a', { label: 'b', score: 0.5 }, { label: 'a' }, { label: 'b', score: null }] }).predictions,
    ).toEqual([
      { label: 'a', score: null },
      { label: 'b', score: 0.5 },
      { label: 'a', score: null },
      { label: 'b', score: null },
    ]);
  });

  it('is refused with a score that is no number, and without actuals', () => {
    const wrong = [
      { predictions: [{ label: 'a', score: '0.5' }] },
      { predictions: [{ score: 1 }] },
      { actuals: undefined },
    ];
    for (const fields of wrong) expect(() => read(fields)).toThrow();
  });

  it('can be computed from when its parts agree', () => {
    const sound = read({ predictions: ['a', 'b'], actuals: ['b', 'b'] });
    expect(evaluationProblems(sound)).toEqual([]);
    expect(() => refuseUnusable(sound)).not.toThrow();
  });

  it('may predict labels that it does not list, nothing, and take an unknown time', () => {
    const fallback = read({
      predictions: ['nlu_fallback', null, { label: 'nlu_fallback', score: 0.2 }, { label: null }, 'a'],
      actuals: ['a', 'a', 'b', 'b', 'a'],
      trainingDurationSeconds: null,
    });
    expect(evaluationProblems(fallback)).toEqual([]);
    expect(strayLabels(fallback)).toEqual([
      { label: 'nlu_fallback', count: 2 },
      { label: null, count: 2 },
    ]);
    expect(describeStray(strayLabels(fallback))).toBe(
      '4 predictions are outside the evaluation\'s labels and count as wrong: "nlu_fallback" (2), none (2)',
    );
    expect(describeStray([])).toBeNull();
    expect(strayLabels(read({ predictions: ['what Ann said'], actuals: ['a'] }))).toEqual([
      { label: '(not a name)', count: 1 },
    ]);
    expect(fallback.trainingDurationSeconds).toBeNull();
  });

  it('cannot be computed from without predictions', () => {
    expect(evaluationProblems(read({})).map(each => each.code)).toEqual(['no-predictions']);
  });

  it('has every contradiction named at once, with its place and without what stands there', () => {
    const wrong = read({
      labels: [...labels, labels[0]],
      predictions: ['a', { label: 'my secret', score: 1 }, 'c'],
      actuals: ['a', 'b', 'b', 'my secret'],
    });
    expect(evaluationProblems(wrong)).toEqual([
      { code: 'unequal-lengths', message: 'it has 3 predictions for 4 actuals', count: 1, where: 'predictions' },
      {
        code: 'unknown-labels',
        message: 'its labels do not have the label of actuals[3]',
        count: 1,
        where: 'actuals[3]',
      },
      { code: 'duplicate-label-ids', message: 'its labels name more than once: "a"', count: 1, where: 'labels[2].id' },
    ]);
    expect(() => refuseUnusable(wrong)).toThrow(
      expect.objectContaining({ code: 'PLATFORM_WRONG_SHAPE', where: 'predictions' }),
    );
  });
});
