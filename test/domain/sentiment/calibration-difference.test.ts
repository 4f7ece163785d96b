import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CalibrationBody } from '../../../src/domain/sentiment/calibration-body.ts';
import { bodyOf } from '../../../src/domain/sentiment/calibration-body.ts';
import {
  calibrationDifference,
  calibrationDifferenceTo,
} from '../../../src/domain/sentiment/calibration-difference.ts';
import { anyBody, sample } from './sample-calibration.ts';

const body = bodyOf(sample);
const applied = (of: CalibrationBody) => ({ version: 7, at: '2024-05-15T12:00:00.000Z', body: of });

describe('the difference of calibrations', () => {
  it('to nothing is that all is set', () => {
    expect(calibrationDifferenceTo(null, body)).toEqual({
      since: null,
      interactions: { added: ['conv_1', 'conv_2'], removed: [], kept: 0 },
      polarity: {
        negative: { before: null, after: -0.75 },
        neutral: { before: null, after: 0.05 },
        positive: { before: null, after: 0.8 },
      },
      sensitivity: { before: null, after: 0.85 },
      triggers: {
        added: [
          { emotion: 'frustration', directive: 'escalate', after: 0.82 },
          { emotion: 'anger', directive: 'block', after: 0.88 },
        ],
        removed: [],
        changed: [],
        unchanged: 0,
      },
      reweight: true,
    });
  });

  it('lists what is added, removed and changed', () => {
    const next: CalibrationBody = {
      interaction_ids: ['conv_2', 'conv_3'],
      polarity_matrix: { ...body.polarity_matrix, neutral: 0.1 },
      alert_triggers: [
        { emotion: 'anger', threshold: 0.9, directive: 'block' },
        { emotion: 'anger', threshold: 0.5, directive: 'log' },
      ],
      sensitivity_level: 0.8,
      trigger_model_reweight: false,
    };
    expect(calibrationDifferenceTo(applied(body), next)).toEqual({
      since: { version: 7, at: '2024-05-15T12:00:00.000Z' },
      interactions: { added: ['conv_3'], removed: ['conv_1'], kept: 1 },
      polarity: { negative: null, neutral: { before: 0.05, after: 0.1 }, positive: null },
      sensitivity: { before: 0.85, after: 0.8 },
      triggers: {
        added: [{ emotion: 'anger', directive: 'log', after: 0.5 }],
        removed: [{ emotion: 'frustration', directive: 'escalate', before: 0.82 }],
        changed: [{ emotion: 'anger', directive: 'block', before: 0.88, after: 0.9 }],
        unchanged: 0,
      },
      reweight: false,
    });
  });

  it('to itself is none; the other way round, what was added is removed', () => {
    fc.assert(
      fc.property(anyBody, anyBody, (one, other) => {
        const same = calibrationDifferenceTo(applied(one), one);
        expect(same.interactions).toEqual({ added: [], removed: [], kept: one.interaction_ids.length });
        expect(same.triggers).toEqual({ added: [], removed: [], changed: [], unchanged: one.alert_triggers.length });
        expect([same.sensitivity, ...Object.values(same.polarity)]).toEqual([null, null, null, null]);
        const [there, back] = [
          calibrationDifferenceTo(applied(one), other),
          calibrationDifferenceTo(applied(other), one),
        ];
        expect(back.interactions).toEqual({
          added: there.interactions.removed,
          removed: there.interactions.added,
          kept: there.interactions.kept,
        });
        expect(back.triggers.removed).toHaveLength(there.triggers.added.length);
        expect(back.triggers.changed).toHaveLength(there.triggers.changed.length);
        expect(calibrationDifference.parse(there)).toEqual(there);
      }),
    );
  });
});
