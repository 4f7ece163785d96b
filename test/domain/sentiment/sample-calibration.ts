import fc from 'fast-check';
import { type Calibration, directives } from '../../../src/domain/sentiment/calibration.ts';
import type { CalibrationBody } from '../../../src/domain/sentiment/calibration-body.ts';

/** A calibration that passes every check. */
export const sample: Calibration = {
  interactions: [
    { interaction_id: 'conv_1', text: 'I demand a refund', emotion: 'anger', confidence: 0.92 },
    { interaction_id: 'conv_2', text: 'Thanks, billing is right now', emotion: 'satisfaction', confidence: 0.8 },
  ],
  polarity_matrix: { negative: -0.75, neutral: 0.05, positive: 0.8 },
  alert_triggers: [
    { emotion: 'frustration', threshold: 0.82, directive: 'escalate' },
    { emotion: 'anger', threshold: 0.88, directive: 'block' },
  ],
  sensitivity_level: 0.85,
  trigger_model_reweight: true,
};

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

export const anyBody: fc.Arbitrary<CalibrationBody> = fc.record({
  interaction_ids: fc.uniqueArray(fc.string({ minLength: 1, unit: 'grapheme' }), { minLength: 1, maxLength: 5 }),
  polarity_matrix: fc.record({ negative: number(-1, 0), neutral: number(-0.5, 0.5), positive: number(0, 1) }),
  alert_triggers: fc.uniqueArray(
    fc.record({
      emotion: fc.string({ minLength: 1, maxLength: 4 }),
      threshold: number(0.7, 0.95),
      directive: fc.constantFrom(...directives),
    }),
    { maxLength: 4, selector: ({ emotion, directive }) => JSON.stringify([emotion, directive]) },
  ),
  sensitivity_level: number(0.05, 0.95),
  trigger_model_reweight: fc.boolean(),
});

/** A calibration with that body; its texts are left to the caller. */
export function calibrationWith({ interaction_ids, ...settings }: CalibrationBody, text = 'a refund'): Calibration {
  return {
    interactions: interaction_ids.map(interaction_id => ({ interaction_id, text, emotion: 'anger', confidence: 0.9 })),
    ...settings,
  };
}
