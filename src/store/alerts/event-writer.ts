import { alertOf } from '../../domain/sentiment/alert.ts';
import { type AlertBatch, type AlertRecord, mostRecords } from '../../domain/sentiment/alert-record.ts';
import type { CalibrationLog } from '../../domain/sentiment/calibration-log.ts';
import { type AlertTriggered, alertTriggered, type CalibrationUpdated } from '../../domain/sentiment/hook-event.ts';
import type { Log } from '../artifacts/log.ts';
import type { AlertIndex } from './alert-index.ts';
import { appendRecords, type Turns } from './append-records.ts';

export type ReceivedEvent = AlertTriggered | CalibrationUpdated;

/** What relates an alert to the calibration that raised it. */
export type ReadCalibrations = () => Promise<Pick<CalibrationLog, 'calibrations'>>;

export type Recorded = 'recorded' | 'known';

interface Waiting {
  readonly event: ReceivedEvent;
  resolve(recorded: Recorded): void;
  reject(error: unknown): void;
}

interface Parts {
  readonly log: Pick<Log<AlertBatch>, 'append'>;
  readonly index: AlertIndex;
  readonly inTurn: Turns;
  readonly readCalibrations: ReadCalibrations;
}

/**
 * Records events. Those that arrive while a batch is being written make the next one, so that many events share the cost
 * of making an entry durable.
 */
export function openEventWriter(parts: Parts): (event: ReceivedEvent) => Promise<Recorded> {
  const { inTurn } = parts;
  let waiting: Waiting[] = [];
  let isWriting = false;

  async function writeWaiting(): Promise<void> {
    while (waiting.length > 0) {
      const batch = await inTurn(async () => {
        const taken = waiting.slice(0, mostRecords);
        waiting = waiting.slice(mostRecords);
        try {
          const results = await writeBatch(
            parts,
            taken.map(({ event }) => event),
          );
          return taken.map((each, index) => () => each.resolve(results[index] ?? 'recorded'));
        } catch (error) {
          return taken.map(each => () => each.reject(error));
        }
      });
      for (const settle of batch) settle();
    }
    isWriting = false;
  }

  return event =>
    new Promise<Recorded>((resolve, reject) => {
      waiting.push({ event, resolve, reject });
      if (isWriting) return;
      isWriting = true;
      void writeWaiting();
    });
}

async function writeBatch(
  { log, index, readCalibrations }: Parts,
  events: readonly ReceivedEvent[],
): Promise<Recorded[]> {
  const calibrations = await readCalibrations();
  return await appendRecords(log, async () => {
    const after = await index.catchUp();
    const [seen, raised] = [new Set<string>(), new Set<string>()];
    const records: AlertRecord[] = [];
    const result: Recorded[] = [];
    for (const event of events) {
      const isKnown = seen.has(event.id) || index.knowsEvent(event.id);
      result.push(isKnown ? 'known' : 'recorded');
      if (isKnown) continue;
      seen.add(event.id);
      records.push(recordOf(event, id => raised.has(id) || index.rowOf(id) !== null, calibrations));
      if (event.type === alertTriggered) raised.add(event.alertId);
    }
    return { after, records, result };
  });
}

function recordOf(
  event: ReceivedEvent,
  isRaised: (alertId: string) => boolean,
  calibrations: Pick<CalibrationLog, 'calibrations'>,
): AlertRecord {
  if (event.type === alertTriggered)
    return isRaised(event.alertId)
      ? { kind: 'repeated', event: event.id, alertId: event.alertId }
      : { kind: 'raised', event: event.id, alert: alertOf(event, calibrations) };
  const { id, at, calibrationJobId, status } = event;
  return { kind: 'calibration-updated', event: id, at, calibrationJobId, status };
}
