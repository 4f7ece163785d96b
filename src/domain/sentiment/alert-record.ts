import { z } from 'zod';
import { instant } from '../interaction/interaction.ts';
import { alert, closing } from './alert.ts';

/** At most this many records are written at once. */
export const mostRecords = 256;

const event = z.string().min(1);

/** What the log of alerts holds. */
export const alertRecord = z.discriminatedUnion('kind', [
  /** An alert, and the event that brought it; it is open. */
  z.strictObject({ kind: z.literal('raised'), event, alert }),
  /** An event about an alert that another event brought before: the first one counts. */
  z.strictObject({ kind: z.literal('repeated'), event, alertId: z.string().min(1) }),
  /** The platform reported the status of a calibration. */
  z.strictObject({
    kind: z.literal('calibration-updated'),
    event,
    at: instant,
    calibrationJobId: z.string().min(1),
    status: z.string().min(1),
  }),
  /** A person judged an alert: the whole alert with the outcome, so that counting it needs no other record. */
  z.strictObject({ kind: z.literal('closed'), alert: alert.extend({ closed: closing }) }),
]);
export type AlertRecord = z.infer<typeof alertRecord>;

/** An entry of the log: the records that were written at once. */
export const alertBatch = z.strictObject({ records: z.array(alertRecord).min(1).max(mostRecords) });
export type AlertBatch = z.infer<typeof alertBatch>;
