import type { Alert, Closing } from '../../src/domain/sentiment/alert.ts';
import { MlopsError } from '../../src/errors.ts';
import type { Alerts } from '../../src/store/alerts/alerts.ts';

/** Ids come from outside, and a message must not grow with them. */
const longestShown = 160;

/** @throws MlopsError ALERT_NOT_FOUND, or ALERT_CLOSED with the state of the alert */
export async function closedAlert(
  alerts: Pick<Alerts, 'close'>,
  id: string,
  how: Pick<Closing, 'outcome' | 'by' | 'reason'>,
): Promise<Alert> {
  const closed = await alerts.close(id, { ...how, at: new Date().toISOString() });
  if (closed.ok) return closed.alert;
  const shown = id.slice(0, longestShown);
  if (closed.why === 'not-found')
    throw new MlopsError('ALERT_NOT_FOUND', `alert ${shown} was not found. Its event may not have arrived yet`);
  const { outcome, by, at } = closed.by;
  throw new MlopsError('ALERT_CLOSED', `alert ${shown} is already ${outcome}, by ${by} at ${at}`);
}
