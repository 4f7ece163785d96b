import { z } from 'zod';
import type { FieldError } from '../kernel/answer.ts';

/** The shape of a calibration; which values are allowed is `calibrationErrors`' matter: they are refused with another status. */
export const calibration = z.strictObject({
  interaction_ids: z.array(z.string().min(1)),
  polarity_matrix: z.strictObject({ negative: z.number(), neutral: z.number(), positive: z.number() }),
  alert_triggers: z.array(z.strictObject({ emotion: z.string().min(1), threshold: z.number(), directive: z.string() })),
  sensitivity_level: z.number(),
  trigger_model_reweight: z.boolean(),
});
export type Calibration = z.infer<typeof calibration>;

const directives = ['block', 'notify', 'escalate', 'log'];

/** The values that the platform does not take. */
export function calibrationErrors(body: Calibration): FieldError[] {
  const errors: FieldError[] = [];
  const within = (field: string, value: number, least: number, most: number): void => {
    if (value < least || value > most) errors.push({ field, message: `must be from ${least} to ${most}` });
  };
  within('interaction_ids', body.interaction_ids.length, 1, 50);
  within('polarity_matrix.negative', body.polarity_matrix.negative, -1, 0);
  within('polarity_matrix.neutral', body.polarity_matrix.neutral, -0.5, 0.5);
  within('polarity_matrix.positive', body.polarity_matrix.positive, 0, 1);
  within('sensitivity_level', body.sensitivity_level, 0.05, 0.95);
  for (const [index, { threshold, directive }] of body.alert_triggers.entries()) {
    const field = `alert_triggers[${index}]`;
    within(`${field}.threshold`, threshold, 0, 0.95);
    if (!directives.includes(directive))
      errors.push({ field: `${field}.directive`, message: `must be one of ${directives.join(', ')}` });
    if (directive === 'block' && threshold < 0.7)
      errors.push({ field: `${field}.threshold`, message: 'must be at least 0.7 for the directive block' });
  }
  return errors;
}

/** The events that a webhook can be registered for. */
export const eventTypes = ['sentiment.calibration.updated', 'agentassist.alert.triggered'] as const;
export type EventType = (typeof eventTypes)[number];

export const webhook = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  events: z.array(z.enum(eventTypes)).min(1),
  secret: z.string().min(1),
  active: z.boolean(),
});
export type Webhook = z.infer<typeof webhook>;

/** An event as a receiver gets it. */
export interface PlatformEvent {
  readonly id: string;
  readonly type: EventType;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}
