import type { z } from 'zod';
import {
  type AlertCounts,
  fromStored,
  openAlertCounter,
  storedCounts,
  toStored,
} from '../../domain/sentiment/alert-counts.ts';
import type { AlertBatch } from '../../domain/sentiment/alert-record.ts';
import type { Fold } from '../artifacts/folded-log.ts';

/** The counts of all alerts. In JSON they are `StoredCounts`. */
export class AlertTotals {
  readonly #counter: ReturnType<typeof openAlertCounter>;

  constructor(start?: AlertCounts) {
    this.#counter = openAlertCounter(start);
  }

  get counts(): AlertCounts {
    return this.#counter.counts;
  }

  add({ records }: AlertBatch): void {
    for (const record of records) {
      if (record.kind === 'raised') this.#counter.raise(record.alert);
      if (record.kind === 'closed') this.#counter.close(record.alert);
    }
  }

  toJSON(): z.infer<typeof storedCounts> {
    return toStored(this.counts);
  }
}

/** The cost of a batch does not depend on how many came before it. */
export const totalsFold: Fold<AlertBatch, AlertTotals> = {
  empty: () => new AlertTotals(),
  add(totals, batch) {
    totals.add(batch);
    return totals;
  },
  shape: storedCounts.transform(stored => new AlertTotals(fromStored(stored))),
};
