import { type Notification, notification } from '../src/domain/notification/notification.ts';
import type { MlopsError } from '../src/errors.ts';
import { deliverWebhook } from './deliver-webhook/job.ts';
import type { Resources } from './resources.ts';

/** What `notify` needs. */
export type NotificationResources = Pick<Resources, 'tenant' | 'webhooks' | 'outbox' | 'queues'>;

const longestMessage = 500;

/**
 * Notifies operators once per event: the id is derived from the event, and no process sends a delivered id again.
 * Without a receiver nothing is sent.
 */
export async function notify(
  event: Omit<Notification, 'at' | 'tenant'>,
  { tenant, webhooks, outbox, queues }: NotificationResources,
): Promise<void> {
  if (!webhooks.isSet('notify')) return;
  const body = notification.parse({
    ...event,
    message: event.message.slice(0, longestMessage),
    at: new Date().toISOString(),
    tenant,
  });
  await outbox.put('notify', event.id, JSON.stringify(body));
  if (await outbox.isDelivered('notify', event.id)) return;
  await queues.enqueue([deliverWebhook.spec({ tenant, target: 'notify', event: event.id })], {
    restart: 'never',
  });
}

/** Of a failure: its code, its message and its remedy. */
export function causeOf({ entry, message }: MlopsError): Pick<Notification, 'code' | 'message' | 'remedy'> {
  return { code: entry.code, message, remedy: entry.remedy };
}
