import { z } from 'zod';
import { alertTrigger, bounds, type Calibration, polarityMatrix } from './calibration.ts';

/** The body that the platform gets: the ids of the interactions, without their texts. */
export const calibrationBody = z.strictObject({
  interaction_ids: z.array(z.string().min(1)).min(bounds.interactions.least).max(bounds.interactions.most),
  polarity_matrix: polarityMatrix,
  alert_triggers: z.array(alertTrigger),
  sensitivity_level: z.number().min(bounds.sensitivity.least).max(bounds.sensitivity.most),
  trigger_model_reweight: z.boolean(),
});
export type CalibrationBody = z.infer<typeof calibrationBody>;

export function bodyOf({ interactions, ...settings }: Calibration): CalibrationBody {
  return { interaction_ids: interactions.map(each => each.interaction_id), ...settings };
}

/**
 * The body as JSON, in one form whatever the order of its fields: every try of a calibration sends these bytes. The
 * order of ids and triggers counts.
 */
export function canonicalBody(body: CalibrationBody): string {
  const { negative, neutral, positive } = body.polarity_matrix;
  return JSON.stringify({
    interaction_ids: body.interaction_ids,
    polarity_matrix: { negative, neutral, positive },
    alert_triggers: body.alert_triggers.map(({ emotion, threshold, directive }) => ({ emotion, threshold, directive })),
    sensitivity_level: body.sensitivity_level,
    trigger_model_reweight: body.trigger_model_reweight,
  });
}

/**
 * What the idempotency key is the hash of. Two inputs are equal only where request and body are: every retry of a
 * request has the same key, and the same calibration in another request has another.
 */
export function idempotencyInput(request: string, body: CalibrationBody): string {
  return JSON.stringify(['sentiment-calibration', 1, request, canonicalBody(body)]);
}
