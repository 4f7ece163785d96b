import { z } from 'zod';
import { dotPath, firstFields, type InvalidField, type InvalidFields, invalidFieldsOf } from './invalid-field.ts';

/** What an alert does to the interaction that triggers it. */
export const directives = ['block', 'notify', 'escalate', 'log'] as const;

/** The bounds of the platform, both ends included. */
export const bounds = {
  interactions: { least: 1, most: 50 },
  negative: { least: -1, most: 0 },
  neutral: { least: -0.5, most: 0.5 },
  positive: { least: 0, most: 1 },
  threshold: { least: 0, most: 0.95 },
  /** Of a trigger that blocks. */
  blockThreshold: { least: 0.7, most: 0.95 },
  sensitivity: { least: 0.05, most: 0.95 },
  confidence: { least: 0, most: 1 },
} as const;

interface Bounds {
  readonly least: number;
  readonly most: number;
}

const rule = (text: string) => (issue: { readonly input?: unknown }) =>
  issue.input === undefined ? `is required and ${text}` : text;
const range = ({ least, most }: Bounds) => `must be a number from ${least} to ${most}`;

function within(limits: Bounds) {
  const error = rule(range(limits));
  return z.number({ error }).min(limits.least, { error }).max(limits.most, { error });
}

function fieldsOf<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: issue =>
      issue.code === 'unrecognized_keys'
        ? `is not a known field; the fields here are ${names}`
        : rule('must be an object')(issue),
  });
}

const name = z.string({ error: rule('must be a string') }).min(1, { error: 'must not be empty' });

/** An interaction whose emotion the calibration relies on; its text is a customer's. */
export const calibratedInteraction = fieldsOf({
  interaction_id: name,
  text: z.string({ error: rule('must be a string') }),
  emotion: name,
  confidence: within(bounds.confidence),
});
export type CalibratedInteraction = z.infer<typeof calibratedInteraction>;

export const polarityMatrix = fieldsOf({
  negative: within(bounds.negative),
  neutral: within(bounds.neutral),
  positive: within(bounds.positive),
});

/** An alert is raised where `emotion` scores `threshold` or more. */
export const alertTrigger = fieldsOf({
  emotion: name,
  threshold: within(bounds.threshold),
  directive: z.enum(directives, { error: rule(`must be one of ${directives.join(', ')}`) }),
});
export type AlertTrigger = z.infer<typeof alertTrigger>;

const interactionCount = `must hold ${bounds.interactions.least} to ${bounds.interactions.most} interactions`;

/** What a calibration sets; the rules that concern several fields are in `parseCalibration`. */
export const calibration = fieldsOf({
  interactions: z
    .array(calibratedInteraction, { error: rule('must be an array') })
    .min(bounds.interactions.least, { error: interactionCount })
    .max(bounds.interactions.most, { error: interactionCount }),
  polarity_matrix: polarityMatrix,
  alert_triggers: z.array(alertTrigger, { error: rule('must be an array') }),
  sensitivity_level: within(bounds.sensitivity),
  trigger_model_reweight: z.boolean({ error: 'must be true or false' }).default(false),
});
/** The content of a calibration file, and the body of a request for a calibration. */
export type Calibration = z.infer<typeof calibration>;

export type ParsedCalibration =
  | { readonly ok: true; readonly calibration: Calibration }
  | ({ readonly ok: false } & InvalidFields);

/**
 * Reads a calibration and reports every field that breaks a rule, never the text of an interaction. Besides the bounds
 * of each field:
 * - a trigger that blocks has a threshold of at least 0.7;
 * - no two interactions have one id, and no two triggers one emotion and directive: which of them counts is undefined.
 */
export function parseCalibration(json: unknown): ParsedCalibration {
  const parsed = calibration.safeParse(json);
  const invalid = firstFields([
    ...crossRules(json),
    ...(parsed.success ? [] : invalidFieldsOf(parsed.error, json, isText)),
    ...firstOfTooMany(json),
  ]);
  if (parsed.success && invalid.fields.length === 0) return { ok: true, calibration: parsed.data };
  return { ok: false, ...invalid };
}

const isText = (path: readonly PropertyKey[]) => path.at(-1) === 'text';

/** The items of an array that is too long are not checked by its schema: the first of them are checked here. */
function firstOfTooMany(json: unknown): InvalidField[] {
  const { most } = bounds.interactions;
  const all = z.object({ interactions: z.array(z.unknown()) }).safeParse(json).data?.interactions ?? [];
  if (all.length <= most) return [];
  const interactions = z.object({ interactions: z.array(calibratedInteraction) });
  const { error } = interactions.safeParse({ interactions: all.slice(0, most) });
  return error === undefined ? [] : invalidFieldsOf(error, json, isText);
}

/** Whatever else is broken, these rules are checked wherever the fields that they need can be read. */
function* crossRules(json: unknown): Generator<InvalidField> {
  yield* blocksTooEasily(json);
  yield* repeated(
    json,
    'interactions',
    z.object({ interaction_id: name }),
    each => each.interaction_id,
    'interaction_id',
  );
  yield* repeated(json, 'alert_triggers', z.object({ emotion: name, directive: name }), triggerKey, null);
}

function* blocksTooEasily(json: unknown): Generator<InvalidField> {
  const blocking = z.object({ directive: z.literal('block'), threshold: z.number() });
  for (const [index, trigger] of itemsOf(json, 'alert_triggers', blocking)) {
    const { least, most } = bounds.blockThreshold;
    if (trigger.threshold >= least && trigger.threshold <= most) continue;
    yield {
      field: dotPath(['alert_triggers', index, 'threshold']),
      value: trigger.threshold,
      message: `${range(bounds.blockThreshold)} where directive is block`,
    };
  }
}

function* repeated<Item>(
  json: unknown,
  list: string,
  schema: z.ZodType<Item>,
  keyOf: (item: Item) => string,
  field: string | null,
): Generator<InvalidField> {
  const first = new Map<string, number>();
  for (const [index, item] of itemsOf(json, list, schema)) {
    const key = keyOf(item);
    const before = first.get(key);
    if (before === undefined) first.set(key, index);
    else
      yield {
        field: dotPath(field === null ? [list, index] : [list, index, field]),
        value: undefined,
        message: `repeats ${dotPath([list, before])}${field === null ? ' (same emotion and directive)' : ''}`,
      };
  }
}

function* itemsOf<Item>(json: unknown, list: string, schema: z.ZodType<Item>): Generator<[number, Item]> {
  const items = z.object({ [list]: z.array(z.unknown()) }).safeParse(json).data?.[list] ?? [];
  for (const [index, each] of items.entries()) {
    const item = schema.safeParse(each);
    if (item.success) yield [index, item.data];
  }
}

/** What makes a trigger the same one in two calibrations. */
export function triggerKey({ emotion, directive }: { readonly emotion: string; readonly directive: string }): string {
  return JSON.stringify([emotion, directive]);
}
