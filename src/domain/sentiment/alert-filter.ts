import { z } from 'zod';
import { instant } from '../interaction/interaction.ts';
import { type Alert, alertStates, stateOfAlert } from './alert.ts';

/** Which alerts to list; a field that is left out does not restrict them. */
export const alertFilter = z.strictObject({
  state: z.enum(alertStates).optional(),
  emotion: z.string().min(1).optional(),
  directive: z.string().min(1).optional(),
  /** Raised at this instant or later. */
  since: instant.optional(),
  /** Raised before this instant. */
  until: instant.optional(),
  /** The version of the calibration. */
  calibration: z.number().int().positive().optional(),
});
export type AlertFilter = z.infer<typeof alertFilter>;

export function matches(filter: AlertFilter, alert: Alert): boolean {
  const { state, emotion, directive, since, until, calibration } = filter;
  if (state !== undefined && stateOfAlert(alert) !== state) return false;
  if (emotion !== undefined && alert.emotion !== emotion) return false;
  if (directive !== undefined && alert.directive !== directive) return false;
  if (calibration !== undefined && alert.calibration !== calibration) return false;
  if (since !== undefined && alert.at < since) return false;
  return until === undefined || alert.at < until;
}

type Place = Pick<Alert, 'at' | 'id'>;

/** The order of lists: the newest first, of one instant by id. */
export function compareAlerts(one: Place, other: Place): number {
  if (one.at !== other.at) return one.at < other.at ? 1 : -1;
  if (one.id === other.id) return 0;
  return one.id < other.id ? -1 : 1;
}

export interface AlertPage {
  readonly alerts: readonly Alert[];
  /** Where the next page starts; `null` where this is the last one. */
  readonly next: string | null;
}

/**
 * A page of the alerts that match. A cursor names the last alert of a page: alerts that are raised or closed between
 * two pages move none of the others.
 * @param alerts in the order of `compareAlerts`; no more of them are read than the page needs
 * @param after the cursor of the page before
 * @returns `null` where `after` is not a cursor
 */
export function alertPage(
  alerts: Iterable<Alert>,
  filter: AlertFilter,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): AlertPage | null {
  const place = after === null ? null : placeOf(after);
  if (after !== null && place === null) return null;
  const page: Alert[] = [];
  for (const each of alerts) {
    if ((place !== null && compareAlerts(place, each) >= 0) || !matches(filter, each)) continue;
    const last = page.at(-1);
    if (page.length === limit && last !== undefined) return { alerts: page, next: cursorOf(last) };
    page.push(each);
  }
  return { alerts: page, next: null };
}

function cursorOf({ at, id }: Place): string {
  return `${at}~${id}`;
}

const instantLength = '2024-05-15T12:00:00.000Z'.length;

export function placeOf(cursor: string): Place | null {
  const [at, mark, id] = [cursor.slice(0, instantLength), cursor[instantLength], cursor.slice(instantLength + 1)];
  return mark === '~' && id !== '' && instant.safeParse(at).success ? { at, id } : null;
}
