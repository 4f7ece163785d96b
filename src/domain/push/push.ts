import { z } from 'zod';
import { thresholds } from './thresholds.ts';

const version = z.number().int().positive();
const at = z.string();

/** Where a push's thresholds come from. */
const source = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tuning'), tuning: z.string() }),
  z.object({ kind: z.literal('rollback'), version }),
]);

/**
 * What happened to the pushes of a tenant, one entry of their log each. A push is `pending` first; each sending of it is
 * claimed as `sent` before it leaves, and may be `ended` without a verdict; the platform's answer makes it `applied` or
 * `refused`, and one that never came `unknown`. A push that could not even be sent is `refused` too, and one that was
 * cancelled before it ever was is `withdrawn`.
 */
export const pushEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('pending'),
    version,
    at,
    request: z.string(),
    by: z.string(),
    source,
    thresholds,
    /** SHA-256 of the body that sets them, in hex: what is sent must have it, and the audit log names it. */
    sha256: z.string(),
  }),
  z.object({ kind: z.literal('sent'), version, at, request: z.string() }),
  /** The sending ended without a verdict: a 5xx, a connection that broke. It does nothing any more. */
  z.object({ kind: z.literal('ended'), version, at, code: z.string(), message: z.string() }),
  z.object({ kind: z.literal('applied'), version, at }),
  z.object({ kind: z.literal('refused'), version, at, code: z.string(), message: z.string() }),
  z.object({ kind: z.literal('unknown'), version, at, code: z.string(), message: z.string() }),
  z.object({ kind: z.literal('withdrawn'), version, at }),
]);
export type PushEvent = z.infer<typeof pushEvent>;

/** A push and its outcome so far. */
export const push = z.object({
  version,
  /** Who requested it: the request's id, and the person or key. */
  request: z.string(),
  by: z.string(),
  at,
  source,
  thresholds,
  /** SHA-256 of the body that sets the thresholds. */
  sha256: z.string(),
  state: z.enum(['pending', 'sent', 'ended', 'applied', 'refused', 'unknown', 'withdrawn']),
  /** When it reached its state. */
  since: z.string(),
  /** The request that sent it last, and how often it was sent. */
  sentBy: z.string().nullable(),
  timesSent: z.number().int(),
  /** When it was applied first, if ever. */
  appliedAt: z.string().nullable(),
  /** When the last request with unknown outcome was sent: it may still reach the platform. */
  openSince: z.string().nullable(),
  /** Of a refused or unknown one. */
  reason: z.string().nullable(),
});
export type Push = Readonly<z.infer<typeof push>>;

const neverSent = { sentBy: null, timesSent: 0, appliedAt: null, openSince: null, reason: null } as const;

/** The pushes of a whole log, oldest first. */
export function foldPushes(events: readonly PushEvent[]): Push[] {
  return events.reduce(addPushEvent, []);
}

/** The pushes after one more event, in the same list. Each push is replaced, never changed. */
export function addPushEvent(pushes: Push[], event: PushEvent): Push[] {
  if (event.kind === 'pending') {
    const { kind: state, ...requested } = event;
    pushes.push({ ...requested, state, since: event.at, ...neverSent });
    return pushes;
  }
  const index = pushes.findLastIndex(each => each.version === event.version);
  const before = pushes[index];
  if (before === undefined) return pushes;
  const isSent = event.kind === 'sent';
  const isAbandoned = before.state === 'sent' && (isSent || event.kind === 'unknown');
  pushes[index] = {
    ...before,
    state: event.kind,
    since: event.at,
    sentBy: isSent ? event.request : before.sentBy,
    timesSent: before.timesSent + (isSent ? 1 : 0),
    appliedAt: event.kind === 'applied' ? (before.appliedAt ?? event.at) : before.appliedAt,
    openSince: isAbandoned ? before.since : before.openSince,
    reason: 'code' in event ? event.message : null,
  };
  return pushes;
}

/** What its entries in the audit log have as their id. */
export function auditIdOf({ version }: Pick<Push, 'version'>): string {
  return `config-push-${version}`;
}

/** Whether its outcome is known. A push that is not settled is sent (again) before any later push. */
export function isSettled({ state }: Pick<Push, 'state'>): boolean {
  return state === 'applied' || state === 'refused' || state === 'withdrawn';
}

/** The push in force: the newest that was applied. */
export function livePush(pushes: readonly Push[]): Push | null {
  return pushes.findLast(push => push.appliedAt !== null) ?? null;
}
