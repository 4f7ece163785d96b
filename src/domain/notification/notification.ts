import { z } from 'zod';
import { instant } from '../interaction/interaction.ts';

/** What an outgoing message is called: it is the id that its receiver sees, a key of the store, and a part of a job's id. */
export const messageId = z.string().regex(/^[a-z][a-z-]{0,31}(\.[A-Za-z0-9_-]{1,100}){1,4}$/);

export const notificationTypes = [
  'run.failed',
  'run.unusual',
  'push.refused',
  'training.failed',
  'calibration.failed',
  'dataset.stale',
] as const;

/** What operators are notified of: what happened, to what, and what to do. No texts of customers, no secrets. */
export const notification = z.strictObject({
  /** Derived from the event: a repeated notification has the same id. */
  id: messageId,
  type: z.enum(notificationTypes),
  at: instant,
  tenant: z.string(),
  /** The ids that the event concerns. */
  subject: z.record(z.string(), z.union([z.string(), z.number()])),
  code: z.string().optional(),
  message: z.string().max(500),
  remedy: z.string().optional(),
});
export type Notification = z.infer<typeof notification>;
