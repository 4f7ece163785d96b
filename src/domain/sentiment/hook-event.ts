import { z } from 'zod';
import { firstFields, type InvalidFields, invalidFieldsOf } from './invalid-field.ts';

/** Any ISO 8601 instant with an offset, as UTC with milliseconds. */
const instant = z.iso.datetime({ offset: true }).transform(text => new Date(text).toISOString());
const id = z.string().min(1).max(256);
const name = z.string().min(1).max(64);
const share = z
  .number()
  .min(0)
  .max(1)
  .nullish()
  .transform(value => value ?? null);

const envelope = z.object({ id, type: name, timestamp: instant, data: z.unknown().optional() });

const alertData = z.object({
  alertId: id,
  interactionId: id,
  emotion: name,
  score: share,
  /** Not only those of our triggers: the platform may know more. */
  directive: name,
  threshold: share,
  calibrationJobId: id.nullish().transform(value => value ?? null),
});

const updateData = z.object({ calibrationJobId: id, status: name });

export const alertTriggered = 'agentassist.alert.triggered';
export const calibrationUpdated = 'sentiment.calibration.updated';

interface Envelope {
  readonly id: string;
  /** ISO 8601 in UTC with milliseconds. */
  readonly at: string;
}
export type AlertTriggered = Envelope & { readonly type: typeof alertTriggered } & z.infer<typeof alertData>;
export type CalibrationUpdated = Envelope & { readonly type: typeof calibrationUpdated } & z.infer<typeof updateData>;
/** An event of a type that we did not ask for. */
export type OtherEvent = Envelope & { readonly type: 'other'; readonly name: string };
export type HookEvent = AlertTriggered | CalibrationUpdated | OtherEvent;

export type ParsedHookEvent =
  | { readonly ok: true; readonly event: HookEvent }
  | ({ readonly ok: false } & InvalidFields);

/**
 * Reads the body of an incoming webhook. The platform documents the names of its events, not their bodies: they are
 * read tolerantly. Unknown fields are ignored; `score`, `threshold` and `calibrationJobId` may be missing or null; a
 * timestamp may have any offset.
 */
export function parseHookEvent(json: unknown): ParsedHookEvent {
  const parsed = envelope.safeParse(json);
  if (!parsed.success) return { ok: false, ...firstFields(invalidFieldsOf(parsed.error, json)) };
  const { id, type, timestamp: at, data } = parsed.data;
  if (type === alertTriggered) return withData(json, alertData.safeParse(data), each => ({ id, at, type, ...each }));
  if (type === calibrationUpdated)
    return withData(json, updateData.safeParse(data), each => ({ id, at, type, ...each }));
  return { ok: true, event: { id, at, type: 'other', name: type } };
}

function withData<Data>(
  json: unknown,
  parsed: z.ZodSafeParseResult<Data>,
  eventOf: (data: Data) => HookEvent,
): ParsedHookEvent {
  if (parsed.success) return { ok: true, event: eventOf(parsed.data) };
  const issues = parsed.error.issues.map(issue => ({ ...issue, path: ['data', ...issue.path] }));
  return { ok: false, ...firstFields(invalidFieldsOf(new z.ZodError(issues), json)) };
}
