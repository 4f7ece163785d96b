import { z } from 'zod';
import { type AlertTrigger, directives, triggerKey } from './calibration.ts';
import type { CalibrationBody } from './calibration-body.ts';

const change = z.object({ before: z.number().nullable(), after: z.number() });
const trigger = { emotion: z.string(), directive: z.enum(directives) };

/** What a calibration would change against the last one that was applied. */
export const calibrationDifference = z.object({
  /** The calibration that it is compared with; `null` where none was applied. */
  since: z.object({ version: z.number().int(), at: z.string() }).nullable(),
  interactions: z.object({ added: z.array(z.string()), removed: z.array(z.string()), kept: z.number().int() }),
  /** The values that change; a value that stays is `null`. */
  polarity: z.object({ negative: change.nullable(), neutral: change.nullable(), positive: change.nullable() }),
  sensitivity: change.nullable(),
  triggers: z.object({
    added: z.array(z.object({ ...trigger, after: z.number() })),
    removed: z.array(z.object({ ...trigger, before: z.number() })),
    changed: z.array(z.object({ ...trigger, before: z.number(), after: z.number() })),
    unchanged: z.number().int(),
  }),
  /** Whether the platform would adjust its model in the background. */
  reweight: z.boolean(),
});
export type CalibrationDifference = z.infer<typeof calibrationDifference>;

/** The last calibration that was applied. */
export interface Applied {
  readonly version: number;
  readonly at: string;
  readonly body: CalibrationBody;
}

export function calibrationDifferenceTo(applied: Applied | null, next: CalibrationBody): CalibrationDifference {
  const before = applied?.body;
  const { negative, neutral, positive } = next.polarity_matrix;
  return {
    since: applied === null ? null : { version: applied.version, at: applied.at },
    interactions: idChanges(before?.interaction_ids ?? [], next.interaction_ids),
    polarity: {
      negative: changeOf(before?.polarity_matrix.negative, negative),
      neutral: changeOf(before?.polarity_matrix.neutral, neutral),
      positive: changeOf(before?.polarity_matrix.positive, positive),
    },
    sensitivity: changeOf(before?.sensitivity_level, next.sensitivity_level),
    triggers: triggerChanges(before?.alert_triggers ?? [], next.alert_triggers),
    reweight: next.trigger_model_reweight,
  };
}

function changeOf(before: number | undefined, after: number) {
  return before === after ? null : { before: before ?? null, after };
}

function idChanges(before: readonly string[], after: readonly string[]): CalibrationDifference['interactions'] {
  const [old, fresh] = [new Set(before), new Set(after)];
  return {
    added: after.filter(id => !old.has(id)),
    removed: before.filter(id => !fresh.has(id)),
    kept: after.filter(id => old.has(id)).length,
  };
}

function triggerChanges(
  before: readonly AlertTrigger[],
  after: readonly AlertTrigger[],
): CalibrationDifference['triggers'] {
  const old = new Map(before.map(each => [triggerKey(each), each.threshold]));
  const fresh = new Set(after.map(triggerKey));
  const result: CalibrationDifference['triggers'] = {
    added: [],
    removed: before
      .filter(each => !fresh.has(triggerKey(each)))
      .map(({ emotion, directive, threshold }) => ({ emotion, directive, before: threshold })),
    changed: [],
    unchanged: 0,
  };
  for (const { emotion, directive, threshold } of after) {
    const was = old.get(triggerKey({ emotion, directive }));
    if (was === undefined) result.added.push({ emotion, directive, after: threshold });
    else if (was === threshold) result.unchanged += 1;
    else result.changed.push({ emotion, directive, before: was, after: threshold });
  }
  return result;
}
