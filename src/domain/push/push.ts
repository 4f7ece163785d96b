import { z } from 'zod';
import { thresholds } from './thresholds.ts';

const version = z.number().int().positive();
const at = z.string();

/** Where a push's thresholds come from. */
const source = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tuning'), tuning: z.string() }),
  z.object({ kind: z.literal('rollback'), version }),
]);
export type PushSource = z.infer<typeof source>;

/**
 * What happened to the pushes of a tenant, one entry of their log each. A push is `pending` first; each sending of it is
 * claimed as `sent` before it leaves, and may be `ended` without a verdict; the platform's answer makes it `applied` or
 * `refused`, and one that never came `unknown`. A push that could not even be sent is `refused` too, and one that was
 * cancelled before it ever was is `withdrawn`.
 */
export const pushEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pending'), version, at, request: z.string(), by: z.string(), source, thresholds }),
  z.object({ kind: z.literal('sent'), version, at, request: z.string() }),
  /** The sending came to an end that is no verdict: a 5xx, a connection that broke. It does nothing any more. */
  z.object({ kind: z.literal('ended'), version, at, code: z.string(), message: z.string() }),
  z.object({ kind: z.literal('applied'), version, at }),
  z.object({ kind: z.literal('refused'), version, at, code: z.string(), message: z.string() }),
  z.object({ kind: z.literal('unknown'), version, at, code: z.string(), message: z.string() }),
  z.object({ kind: z.literal('withdrawn'), version, at }),
]);
export type PushEvent = z.infer<typeof pushEvent>;

/** A push and what became of it. */
export interface Push {
  readonly version: number;
  /** Who asked for it: the request's id, and the person or key. */
  readonly request: string;
  readonly by: string;
  readonly at: string;
  readonly source: PushSource;
  readonly thresholds: z.infer<typeof thresholds>;
  readonly state: PushEvent['kind'];
  /** When it came to its state. */
  readonly since: string;
  /** The request that sent it last, and how often it was sent. */
  readonly sentBy: string | null;
  readonly timesSent: number;
  /** When it was applied first, if ever. */
  readonly appliedAt: string | null;
  /** When the last sending left of whose end nothing is known: it may still reach the platform. */
  readonly openSince: string | null;
  /** Of a refused or unknown one. */
  readonly reason: string | null;
}

const neverSent = { sentBy: null, timesSent: 0, appliedAt: null, openSince: null, reason: null } as const;

/** The pushes that a log tells of, oldest first. */
export function foldPushes(events: readonly PushEvent[]): Push[] {
  const pushes: Push[] = [];
  for (const event of events) {
    if (event.kind === 'pending') {
      const { kind: state, ...asked } = event;
      pushes.push({ ...asked, state, since: event.at, ...neverSent });
      continue;
    }
    const index = pushes.findIndex(push => push.version === event.version);
    const push = pushes[index];
    if (push === undefined) continue;
    const isSent = event.kind === 'sent';
    const isAbandoned = push.state === 'sent' && (isSent || event.kind === 'unknown');
    pushes[index] = {
      ...push,
      state: event.kind,
      since: event.at,
      sentBy: isSent ? event.request : push.sentBy,
      timesSent: push.timesSent + (isSent ? 1 : 0),
      appliedAt: event.kind === 'applied' ? (push.appliedAt ?? event.at) : push.appliedAt,
      openSince: isAbandoned ? push.since : push.openSince,
      reason: 'code' in event ? event.message : null,
    };
  }
  return pushes;
}

/** What its entries in the audit log have as their id. */
export function auditIdOf({ version }: Pick<Push, 'version'>): string {
  return `config-push-${version}`;
}

/** Whether it is known what became of it. What is not settled is sent (again) before any later push. */
export function isSettled({ state }: Pick<Push, 'state'>): boolean {
  return state === 'applied' || state === 'refused' || state === 'withdrawn';
}

/** The push in force: the newest that was applied. */
export function livePush(pushes: readonly Push[]): Push | null {
  return pushes.findLast(push => push.appliedAt !== null) ?? null;
}
