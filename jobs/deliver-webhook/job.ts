/**
 * deliver-webhook: delivers a message of the outbox to the receiver that is set for its target.
 *
 * Reads: webhooks/<target>/<event>/message.json; the URL and the secret from the configuration, never from Redis.
 * Writes: webhooks/<target>/<event>/delivered; a POST to the receiver (WEBHOOKS budget).
 * Emits: nothing.
 * Idempotent because: a message has one job and, once its delivery is recorded, is not sent again; a crash in between
 * sends it twice under the same id, by which the receiver recognizes it.
 */
import { z } from 'zod';
import { messageId } from '../../src/domain/notification/notification.ts';
import { webhookDelivery, webhookTargets } from '../../src/platform/webhook-delivery.ts';
import { defineJob, noProgress } from '../../src/runtime/job.ts';
import { shown } from '../../src/runtime/shown.ts';

const payload = shown(
  z.strictObject({
    tenant: z.string(),
    /** The receiver; its URL is in the workers' configuration. */
    target: z.enum(webhookTargets),
    /** The id of the message. */
    event: messageId,
  }),
);
export type DeliverPayload = z.infer<typeof payload>;

export const deliverWebhook = defineJob({
  name: 'deliver-webhook',
  system: 'webhooks',
  summary: 'Delivers a notification or metrics, signed, until the receiver accepts them',
  calls: [webhookDelivery],
  payload,
  result: shown(
    z.union([
      z.strictObject({ event: messageId, again: z.literal(true) }),
      z.strictObject({ event: messageId, answered: z.number().int() }),
    ]),
  ),
  progress: noProgress,
  id: ({ target, event }) => `deliver.${target}.${event}`,
  policy: {
    // With its backoff that covers a receiver outage of five to nine hours.
    attempts: 15,
    backoffMs: 1_000,
    // 10 requests/s of up to a second each.
    concurrency: 5,
    timeoutMs: 60_000,
  },
  handler: () => import('./handler.ts'),
});
