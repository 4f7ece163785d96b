import { MlopsError, NotNow } from '../../src/errors.ts';
import { type Handler, handle } from '../../src/runtime/handler.ts';
import { cancel, done } from '../../src/runtime/outcome.ts';
import type { Context, Needs, Outcome } from './context.ts';
import { type DeliverPayload, deliverWebhook } from './job.ts';

/** How long a receiver may put off a message before the job fails. */
const longestWaitMs = 24 * 3600 * 1000;

export const handler: Handler<Needs> = handle(deliverWebhook, deliver);

async function deliver({ target, event }: DeliverPayload, { resources, signal }: Context): Promise<Outcome> {
  const { outbox, webhooks } = resources;
  if (await outbox.isDelivered(target, event)) return done({ event, again: true });
  if (!webhooks.isSet(target)) return cancel(`no URL is set any longer for the webhook "${target}"`);
  const { body, putAt } = await outbox.read(target, event);
  const answered = await webhooks.send({ target, id: event, body }, signal).catch((error: unknown) => {
    if (!(error instanceof NotNow) || Date.now() - putAt < longestWaitMs) throw error;
    throw new MlopsError('WEBHOOK_REFUSED', `the webhook "${target}" has put off this message for a day`);
  });
  await outbox.noteDelivered(target, event);
  return done({ event, answered });
}
