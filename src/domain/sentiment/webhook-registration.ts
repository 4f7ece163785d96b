import { z } from 'zod';
import { instant } from '../interaction/interaction.ts';

const url = z.string().min(1);
const at = instant;
const reason = z.strictObject({ code: z.string().min(1), message: z.string() });

/** What happened to the registrations of our webhooks at the platform. */
export const registrationEvent = z.discriminatedUnion('kind', [
  /** Recorded before the request leaves. */
  z.strictObject({ kind: z.literal('registering'), url, at, by: z.string() }),
  /** Answered 2xx, or the user knows it: `id` is the platform’s, if it gave one. */
  z.strictObject({ kind: z.literal('registered'), url, at, id: z.string().nullable() }),
  /** The request had no effect. */
  z.strictObject({ kind: z.literal('not-registered'), url, at, reason }),
  /** The answer was lost. */
  z.strictObject({ kind: z.literal('unknown'), url, at, reason }),
  z.strictObject({ kind: z.literal('removed'), url, at, by: z.string() }),
]);
export type RegistrationEvent = z.infer<typeof registrationEvent>;

/** The registration of a URL. */
export interface Registration {
  readonly url: string;
  readonly state: RegistrationEvent['kind'];
  readonly since: string;
  /** Who requested it. */
  readonly by: string;
  /** The platform’s id. */
  readonly id: string | null;
  /** Why it is unknown, or had no effect. */
  readonly reason: { readonly code: string; readonly message: string } | null;
  /** The number of the event that began it. */
  readonly number: number;
}

/** The registrations, in the order of their first event. @param events the whole log */
export function registrationsOf(events: readonly RegistrationEvent[]): Registration[] {
  const byUrl = new Map<string, Registration>();
  for (const [index, event] of events.entries()) {
    const before = byUrl.get(event.url);
    const isNew = before === undefined || event.kind === 'registering';
    byUrl.set(event.url, {
      url: event.url,
      state: event.kind,
      since: event.at,
      by: 'by' in event ? event.by : (before?.by ?? ''),
      id: event.kind === 'registered' ? event.id : (before?.id ?? null),
      reason: 'reason' in event ? event.reason : null,
      number: isNew ? index + 1 : before.number,
    });
  }
  return [...byUrl.values()];
}

/** The path and query of a request that a webhook's URL leads to. */
function targetOf(webhook: string): string {
  const { pathname, search } = new URL(webhook);
  return pathname + search;
}

/**
 * Whether events that arrive at `target`, a path with its query, belong to removed registrations alone. A gateway may
 * have taken a prefix off the path.
 */
export function isRemovedTarget(registrations: readonly Registration[], target: string): boolean {
  const own = registrations.filter(({ url: webhook }) => targetOf(webhook).endsWith(target));
  return own.length > 0 && own.every(({ state }) => state === 'removed');
}
