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
 * claimed as `sent` before it leaves; the platform's answer makes it `applied` or `refused`, and one that never came `unknown`.
 */
export const pushEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pending'), version, at, request: z.string(), by: z.string(), source, thresholds }),
  z.object({ kind: z.literal('sent'), version, at, request: z.string() }),
  z.object({ kind: z.literal('applied'), version, at }),
  z.object({ kind: z.literal('refused'), version, at, code: z.string(), message: z.string() }),
  z.object({ kind: z.literal('unknown'), version, at, code: z.string(), message: z.string() }),
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
  /** Of a refused or unknown one. */
  readonly reason: string | null;
}

/** The pushes that a log tells of, oldest first. */
export function foldPushes(events: readonly PushEvent[]): Push[] {
  const pushes: Push[] = [];
  for (const event of events) {
    if (event.kind === 'pending') {
      const { kind: state, ...asked } = event;
      pushes.push({ ...asked, state, since: event.at, sentBy: null, timesSent: 0, reason: null });
      continue;
    }
    const index = pushes.findIndex(push => push.version === event.version);
    const push = pushes[index];
    if (push === undefined) continue;
    const isSent = event.kind === 'sent';
    pushes[index] = {
      ...push,
      state: event.kind,
      since: event.at,
      sentBy: isSent ? event.request : push.sentBy,
      timesSent: push.timesSent + (isSent ? 1 : 0),
      reason: 'code' in event ? `${event.code}: ${event.message}` : null,
    };
  }
  return pushes;
}

/** What its entries in the audit log have as their id. */
export function auditIdOf({ version }: Pick<Push, 'version'>): string {
  return `config-push-${version}`;
}

/** Whether the platform has given its verdict. What is not settled is sent (again) before any later push. */
export function isSettled({ state }: Pick<Push, 'state'>): boolean {
  return state === 'applied' || state === 'refused';
}

/** The push in force: the newest that was applied. */
export function livePush(pushes: readonly Push[]): Push | null {
  return pushes.findLast(push => push.state === 'applied') ?? null;
}
