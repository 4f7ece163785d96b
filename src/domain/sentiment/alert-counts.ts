import { z } from 'zod';
import { type Alert, type AlertState, stateOfAlert } from './alert.ts';
import { triggerKey } from './calibration.ts';

const count = z.number().int();

/** How many alerts there are of each state. */
export const counts = z.strictObject({ open: count, confirmed: count, refuted: count });
export type Counts = Readonly<z.infer<typeof counts>>;

/** Counts of each value of what alerts are grouped by, in no particular order. */
export type CountsBy = ReadonlyMap<string, Counts>;

export const groupings = ['emotion', 'directive', 'trigger', 'day', 'calibration'] as const;
export type Grouping = (typeof groupings)[number];

/**
 * The alerts counted as a whole and in groups. Keys: `day` is a UTC day (`2024-05-15`); `trigger` is that of
 * `triggerKey`; `calibration` is the version, or empty where it is unknown.
 */
export interface AlertCounts {
  readonly total: Counts;
  readonly by: Readonly<Record<Grouping, CountsBy>>;
}

/** Adds up alerts one by one; the cost of one does not depend on how many there were. */
export interface AlertCounter {
  /** An alert was raised; it may be closed already. */
  raise(alert: Alert): void;
  /** An alert that was raised before was closed: `alert` is the closed one. */
  close(alert: Alert): void;
  /** What was counted so far. It changes with the counter. */
  readonly counts: AlertCounts;
}

type Mutable = Record<AlertState, number>;
const none = (): Mutable => ({ open: 0, confirmed: 0, refuted: 0 });

/** @param start the counts to go on from; they are copied */
export function openAlertCounter(start?: AlertCounts): AlertCounter {
  const total = { ...(start?.total ?? none()) };
  const by: Record<Grouping, Map<string, Mutable>> = {
    emotion: copied(start?.by.emotion),
    directive: copied(start?.by.directive),
    trigger: copied(start?.by.trigger),
    day: copied(start?.by.day),
    calibration: copied(start?.by.calibration),
  };
  const add = (alert: Alert, state: AlertState, change: number): void => {
    total[state] += change;
    for (const grouping of groupings) {
      const key = keyOf[grouping](alert);
      const group = by[grouping].get(key) ?? none();
      group[state] += change;
      by[grouping].set(key, group);
    }
  };
  return {
    counts: { total, by },
    raise: alert => add(alert, stateOfAlert(alert), 1),
    close(alert) {
      add(alert, 'open', -1);
      add(alert, stateOfAlert(alert), 1);
    },
  };
}

export const keyOf: Readonly<Record<Grouping, (alert: Alert) => string>> = {
  emotion: ({ emotion }) => emotion,
  directive: ({ directive }) => directive,
  trigger: triggerKey,
  day: ({ at }) => at.slice(0, '2024-05-15'.length),
  calibration: ({ calibration }) => (calibration === null ? '' : String(calibration)),
};

function copied(groups: CountsBy | undefined): Map<string, Mutable> {
  return new Map([...(groups ?? [])].map(([key, each]) => [key, { ...each }]));
}

/**
 * The counts of both. Raising and closing an alert may be counted apart: `open` is then negative in the part that
 * counted the closing alone.
 */
export function mergedCounts(one: AlertCounts, other: AlertCounts): AlertCounts {
  const merged = (grouping: Grouping) => {
    const groups = copied(one.by[grouping]);
    for (const [key, each] of other.by[grouping]) groups.set(key, sum(groups.get(key) ?? none(), each));
    return groups;
  };
  return {
    total: sum(one.total, other.total),
    by: {
      emotion: merged('emotion'),
      directive: merged('directive'),
      trigger: merged('trigger'),
      day: merged('day'),
      calibration: merged('calibration'),
    },
  };
}

function sum(one: Counts, other: Counts): Mutable {
  return {
    open: one.open + other.open,
    confirmed: one.confirmed + other.confirmed,
    refuted: one.refuted + other.refuted,
  };
}

const storedGroups = z.array(z.tuple([z.string(), counts]));

/** Counts in the form of JSON, in which the store keeps them; groups are sorted by key. */
export const storedCounts = z.strictObject({
  total: counts,
  by: z.strictObject({
    emotion: storedGroups,
    directive: storedGroups,
    trigger: storedGroups,
    day: storedGroups,
    calibration: storedGroups,
  }),
});
export type StoredCounts = z.infer<typeof storedCounts>;

export function toStored({ total, by }: AlertCounts): StoredCounts {
  const stored = (groups: CountsBy): [string, Mutable][] =>
    [...groups].map(([key, each]): [string, Mutable] => [key, { ...each }]).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    total: { ...total },
    by: {
      emotion: stored(by.emotion),
      directive: stored(by.directive),
      trigger: stored(by.trigger),
      day: stored(by.day),
      calibration: stored(by.calibration),
    },
  };
}

export function fromStored({ total, by }: StoredCounts): AlertCounts {
  return {
    total,
    by: {
      emotion: new Map(by.emotion),
      directive: new Map(by.directive),
      trigger: new Map(by.trigger),
      day: new Map(by.day),
      calibration: new Map(by.calibration),
    },
  };
}
