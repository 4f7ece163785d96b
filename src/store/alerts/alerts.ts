import { type Alert, type Closed, type Closing, closeAlert } from '../../domain/sentiment/alert.ts';
import type { AlertCounts } from '../../domain/sentiment/alert-counts.ts';
import {
  type AlertFilter,
  type AlertPage,
  alertPage,
  compareAlerts,
  placeOf,
} from '../../domain/sentiment/alert-filter.ts';
import { type AlertBatch, alertBatch } from '../../domain/sentiment/alert-record.ts';
import { countScores, type TriggerScores } from '../../domain/sentiment/score-counts.ts';
import { MlopsError } from '../../errors.ts';
import { foldLog } from '../artifacts/folded-log.ts';
import { type Log, type LogFinding, openLog } from '../artifacts/log.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import type { AlertPlace } from './alert-columns.ts';
import { openAlertIndex } from './alert-index.ts';
import { appendRecords, openTurns } from './append-records.ts';
import { openEventWriter, type ReadCalibrations, type ReceivedEvent } from './event-writer.ts';
import { totalsFold } from './totals.ts';

/**
 * The alerts of a tenant and what people judged of them: an append-only log, of which events that arrive at the same
 * time share an entry. Counting alerts reads only the entries since the last checkpoint, however many there are.
 *
 * Growth: a file for each batch of 1 to 256 events, about 400 bytes an event (a file system takes at least 4 kB a file);
 * the index takes 110 bytes an event. Nothing expires.
 */
export interface Alerts {
  /**
   * Records an event, durably once it resolves.
   * @param event `id`: what repetitions of the event have in common
   * @returns `known` for an event that was recorded before: nothing changes
   */
  record(event: ReceivedEvent): Promise<'recorded' | 'known'>;
  /** Closes an alert; of several calls the first one counts. */
  close(id: string, how: Closing): Promise<Closed>;
  find(id: string): Promise<Alert | null>;
  /** The alerts that match, newest first. @returns `null` where `after` is not a cursor */
  page(
    filter: AlertFilter,
    options: { readonly after: string | null; readonly limit: number },
  ): Promise<AlertPage | null>;
  /** The cost is that of the entries since the last checkpoint. The result changes with the next call. */
  counts(): Promise<AlertCounts>;
  /** The alerts of each trigger by score. The cost is that of reading the index. */
  scores(): Promise<Map<string, TriggerScores>>;
  verify(): Promise<LogFinding[]>;
}

const folder = 'alerts/log';

export function openAlerts(store: ArtifactStore, readCalibrations: ReadCalibrations): Alerts {
  const log = openLog(store, folder, alertBatch, {
    code: 'ALERT_LOG_DAMAGED',
    remedy: 'Restore the entry from a backup of the store',
  });
  const totals = foldLog(store, folder, log, totalsFold);
  const kept = countingAsItGrows(log, () => totals.read());
  const index = openAlertIndex(store, 'alerts/index', log);
  const inTurn = openTurns();

  /** The alerts at `places`, as the log has them; each entry is read once. @throws MlopsError ALERT_LOG_DAMAGED */
  async function readAll(places: readonly AlertPlace[]): Promise<Alert[]> {
    const entries = new Map<number, Promise<AlertBatch>>();
    const read = (number: number) => log.read(number).then(({ entry }) => entry);
    for (const { entry } of places) if (!entries.has(entry)) entries.set(entry, read(entry));
    return await Promise.all(
      places.map(async ({ entry, record: at }) => {
        const record = (await entries.get(entry))?.records[at];
        if (record?.kind === 'raised' || record?.kind === 'closed') return record.alert;
        const where = `${store.place}/${folder}, entry ${entry}`;
        throw new MlopsError('ALERT_LOG_DAMAGED', `${where}: the alert that the index names was not found`, { where });
      }),
    );
  }

  async function findInIndex(id: string): Promise<Alert | null> {
    const row = index.rowOf(id);
    return row === null ? null : ((await readAll([index.columns.placeOf(row)]))[0] ?? null);
  }

  async function close(id: string, how: Closing): Promise<Closed> {
    return await appendRecords<Closed>(kept, async () => {
      const head = await index.catchUp();
      const closed = closeAlert(await findInIndex(id), how);
      if (!closed.ok) return { after: head, records: [], result: closed };
      return { after: head, records: [{ kind: 'closed', alert: { ...closed.alert, closed: how } }], result: closed };
    });
  }

  async function placesOf(filter: AlertFilter, latest: number, count: number): Promise<AlertPlace[]> {
    await index.catchUp();
    return index.columns.pageRows(filter, latest, count).map(row => index.columns.placeOf(row));
  }

  return {
    record: openEventWriter({ log: kept, index, inTurn, readCalibrations }),
    close: async (id, how) => await inTurn(async () => await close(id, how)),
    find: async id =>
      await inTurn(async () => {
        await index.catchUp();
        return await findInIndex(id);
      }),
    async page(filter, { after, limit }) {
      const place = after === null ? null : placeOf(after);
      if (after !== null && place === null) return null;
      const latest = place === null ? Number.POSITIVE_INFINITY : Date.parse(place.at);
      const places = await inTurn(async () => await placesOf(filter, latest, limit + 1));
      return alertPage((await readAll(places)).sort(compareAlerts), filter, { after, limit });
    },
    async counts() {
      return (await totals.read()).state.counts;
    },
    scores: async () =>
      await inTurn(async () => {
        await index.catchUp();
        return countScores(index.columns.scores());
      }),
    verify: totals.verify,
  };
}

/** So often a writer reads the counts. */
const countEvery = 16;

/**
 * Writers read the counts too, which writes the checkpoints: so the first reader after a million alerts has to read only
 * the last of them.
 */
function countingAsItGrows(log: Log<AlertBatch>, count: () => Promise<unknown>): Pick<Log<AlertBatch>, 'append'> {
  return {
    async append(after, batch) {
      const appended = await log.append(after, batch);
      // Without it the records are safe, and a reader counts them.
      if (appended !== null && appended.number % countEvery === 0) void count().catch(() => undefined);
      return appended;
    },
  };
}
