import { z } from 'zod';
import type { AlertBatch } from '../../domain/sentiment/alert-record.ts';
import type { AlertRow } from './alert-columns.ts';
import { hashOf, type IdHash } from './id-table.ts';

/** What the index learns from entries of the log. */
export interface IndexFacts {
  readonly events: readonly IdHash[];
  readonly alerts: readonly (AlertRow & { readonly hash: IdHash })[];
  readonly closed: readonly Closed[];
}

interface Closed {
  readonly hash: IdHash;
  readonly outcome: 'confirmed' | 'refuted';
  readonly entry: number;
  readonly record: number;
}

/** @param entry the number of the batch in the log */
export function factsOf(entry: number, { records }: AlertBatch): IndexFacts {
  const events: IdHash[] = [];
  const alerts: IndexFacts['alerts'][number][] = [];
  const closed: Closed[] = [];
  for (const [record, each] of records.entries()) {
    if (each.kind !== 'closed') events.push(hashOf('event', each.event));
    if (each.kind === 'raised') {
      const { id, at, emotion, directive, calibration, score } = each.alert;
      const row = { at: Date.parse(at), emotion, directive, calibration: calibration ?? 0, score, entry, record };
      alerts.push({ hash: hashOf('alert', id), ...row });
    }
    if (each.kind === 'closed') {
      const outcome = each.alert.closed.outcome;
      closed.push({ hash: hashOf('alert', each.alert.id), outcome, entry, record });
    }
  }
  return { events, alerts, closed };
}

const word = z.int().nonnegative();
const hash = z.tuple([word, word, word]);
const row = z.tuple([hash, z.number(), z.string(), z.string(), word, z.number().nullable(), word, word]);
const closing = z.tuple([hash, z.enum(['confirmed', 'refuted']), word, word]);

/** Facts in the form of JSON, in which the store keeps them. */
export const storedFacts = z.strictObject({
  events: z.array(hash),
  alerts: z.array(row),
  closed: z.array(closing),
});
export type StoredFacts = z.infer<typeof storedFacts>;

export function toStoredFacts(all: readonly IndexFacts[]): StoredFacts {
  return {
    events: all.flatMap(({ events }) => events.map(([a, b, c]): StoredFacts['events'][number] => [a, b, c])),
    alerts: all.flatMap(({ alerts }) =>
      alerts.map((each): StoredFacts['alerts'][number] => [
        [...each.hash],
        each.at,
        each.emotion,
        each.directive,
        each.calibration,
        each.score,
        each.entry,
        each.record,
      ]),
    ),
    closed: all.flatMap(({ closed }) =>
      closed.map((each): StoredFacts['closed'][number] => [[...each.hash], each.outcome, each.entry, each.record]),
    ),
  };
}

export function fromStoredFacts({ events, alerts, closed }: StoredFacts): IndexFacts {
  return {
    events,
    alerts: alerts.map(([hash, at, emotion, directive, calibration, score, entry, record]) => {
      return { hash, at, emotion, directive, calibration, score, entry, record };
    }),
    closed: closed.map(([hash, outcome, entry, record]) => ({ hash, outcome, entry, record })),
  };
}
