import type { AlertBatch, AlertRecord } from '../../domain/sentiment/alert-record.ts';
import { MlopsError } from '../../errors.ts';
import type { Log } from '../artifacts/log.ts';

/** What to append, decided after reading the log. */
export interface Decision<Result> {
  /** The number of the newest entry that was read. */
  readonly after: number;
  /** Nothing is appended if it is empty. */
  readonly records: readonly AlertRecord[];
  readonly result: Result;
}

const mostTries = 200;

/**
 * Appends what `decide` returns, which is called again if another writer was first.
 * @throws MlopsError STORE_CONTENDED
 */
export async function appendRecords<Result>(
  log: Pick<Log<AlertBatch>, 'append'>,
  decide: () => Promise<Decision<Result>>,
): Promise<Result> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const { after, records, result } = await decide();
    if (records.length === 0 || (await log.append(after, { records: [...records] })) !== null) return result;
  }
  throw new MlopsError('STORE_CONTENDED', 'other processes kept writing to the log of alerts. Send it again');
}

/** Runs tasks one after the other. */
export type Turns = <Result>(task: () => Promise<Result>) => Promise<Result>;

export function openTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return task => {
    const own = last.then(task);
    last = own.catch(() => undefined);
    return own;
  };
}
