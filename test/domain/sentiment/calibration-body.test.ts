import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bodyOf,
  calibrationBody,
  canonicalBody,
  idempotencyInput,
} from '../../../src/domain/sentiment/calibration-body.ts';
import { anyBody, calibrationWith, sample } from './sample-calibration.ts';

describe('the body', () => {
  it('has the ids of the interactions in their order, and nothing else of them', () => {
    const body = bodyOf(sample);
    expect(body).toEqual({
      interaction_ids: ['conv_1', 'conv_2'],
      polarity_matrix: sample.polarity_matrix,
      alert_triggers: sample.alert_triggers,
      sensitivity_level: 0.85,
      trigger_model_reweight: true,
    });
    expect(calibrationBody.parse(body)).toEqual(body);
  });

  it('is the same bytes whatever the order of the fields, and reads back as the same body', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, each]) => [key, reversed(each)]),
      );
    };
    fc.assert(
      fc.property(anyBody, body => {
        const text = canonicalBody(body);
        expect(canonicalBody(calibrationBody.parse(reversed(body)))).toBe(text);
        expect(canonicalBody(calibrationBody.parse(JSON.parse(text)))).toBe(text);
        expect(canonicalBody(bodyOf(calibrationWith(body)))).toBe(text);
      }),
    );
  });
});

describe('what the idempotency key is made of', () => {
  it('is equal only for the same request and the same body', () => {
    const request = fc.string({ maxLength: 8, unit: 'grapheme' });
    fc.assert(
      fc.property(request, anyBody, request, anyBody, (one, body, other, otherBody) => {
        expect(idempotencyInput(one, structuredClone(body))).toBe(idempotencyInput(one, body));
        expect(idempotencyInput(one, body) === idempotencyInput(other, body)).toBe(one === other);
        const isEqual = canonicalBody(body) === canonicalBody(otherBody);
        expect(idempotencyInput(one, body) === idempotencyInput(one, otherBody)).toBe(isEqual);
      }),
    );
  });

  it('depends on every field of the body', () => {
    const body = bodyOf(sample);
    const [trigger] = sample.alert_triggers;
    const others = [
      { ...body, interaction_ids: ['conv_2', 'conv_1'] },
      { ...body, polarity_matrix: { ...body.polarity_matrix, neutral: 0 } },
      { ...body, alert_triggers: trigger === undefined ? [] : [trigger] },
      { ...body, sensitivity_level: 0.8 },
      { ...body, trigger_model_reweight: false },
    ];
    const inputs = [body, ...others].map(each => idempotencyInput('request', each));
    expect(new Set(inputs).size).toBe(inputs.length);
  });
});
