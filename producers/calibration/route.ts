import { z } from 'zod';
import { calibration as flow } from '../../jobs/flows/calibration/flow.ts';
import { calibration, parseCalibration } from '../../src/domain/sentiment/calibration.ts';
import { sentenceOf } from '../../src/domain/sentiment/invalid-field.ts';
import { defaultRules, failedInteractions, failureSentence } from '../../src/domain/sentiment/verification.ts';
import { defineRoute } from '../http/flow-route.ts';
import { Refused } from '../http/problem.ts';

/** For documentation only. The body is validated when it is stored, so that one answer lists all problems. */
const { properties, required } = z.toJSONSchema(calibration, { io: 'input' });
const body = z.looseObject({}).meta({ properties, required, additionalProperties: false });

const example = {
  interactions: [
    {
      interaction_id: 'conv-1',
      text: 'I am still waiting for my refund, and nothing happens.',
      emotion: 'frustration',
      confidence: 0.91,
    },
  ],
  polarity_matrix: { negative: -0.6, neutral: 0, positive: 0.7 },
  alert_triggers: [{ emotion: 'anger', threshold: 0.85, directive: 'escalate' }],
  sensitivity_level: 0.6,
  trigger_model_reweight: false,
};

export const calibrations = defineRoute({
  flow,
  summary: 'Calibrate alerts',
  description:
    'Each calibration is applied once, in the order in which they were accepted; one waits while the platform reweights its model. Every interaction is verified first: if one fails, the answer is 422 and nothing is sent. The texts are kept encrypted and never sent to the platform.',
  body,
  examples: [example],

  async parameters(given, { app, token }) {
    const parsed = parseCalibration(given);
    if (!parsed.ok) {
      const { fields, more } = parsed;
      const named = fields.map(sentenceOf).join('; ');
      throw new Refused(
        400,
        'invalid',
        `The request body is invalid. ${named}${more === 0 ? '' : `; and ${more} more`}`,
        {},
        fields.map(each => ({ field: each.field, message: sentenceOf(each).slice(each.field.length + 1) })),
      );
    }
    const { interactions } = parsed.calibration;
    const failed = failedInteractions(interactions, defaultRules);
    if (failed.length > 0)
      throw new Refused(
        422,
        'unverified',
        `${failed.length} interactions fail the verification. ${failed.map(failureSentence).join('; ')}`,
        {},
        failed.map(({ index, reasons }) => ({
          field: `interactions[${index}]`,
          message: reasons.map(({ message }) => message).join('; '),
        })),
      );
    const { domainTerms, emotions } = defaultRules;
    await app.calibrations.keepInput(token, {
      calibration: parsed.calibration,
      rules: { domainTerms: [...domainTerms], emotions: { ...emotions } },
    });
    return { rollbackTo: null };
  },
});
