import { z } from 'zod';
import { instant } from '../interaction/interaction.ts';
import { datasetIdentity } from './identity.ts';
import { type Manifest, madeBy, part, rowCounts, setAside } from './manifest.ts';

/** How a list differs from the one before: its first `keep` entries stay, and `add` comes after them. */
function listChange<Entry extends z.ZodType>(entry: Entry) {
  return z.strictObject({ keep: z.int().nonnegative(), add: z.array(entry) });
}

/**
 * An entry of a dataset's log: what a version changed of the one before it. What it does not name stayed as it was, so that
 * an entry is as small as what happened.
 */
export const change = z.strictObject({
  made: madeBy,
  watermark: instant,
  /** Rows of the whole dataset in this version, so that its summary is in one entry. */
  rows: z.strictObject({ kept: z.int().nonnegative(), removed: z.int().nonnegative() }),
  /** In the first version only, unless a restore changes it. */
  base: z.strictObject({ dataset: z.string(), identity: datasetIdentity, dimension: z.int().positive() }).optional(),
  sweptAt: instant.optional(),
  nextGroup: z.int().nonnegative().optional(),
  /** Only where it is not the run that made the version. */
  lastRun: z.string().optional(),
  parts: listChange(part).optional(),
  setAside: listChange(setAside).optional(),
});
export type Change = z.infer<typeof change>;

/** What one entry alone says of a version. */
export type VersionSummary = Pick<Change, 'made' | 'watermark' | 'rows'>;

/** @param before the version that `after` follows, `null` for the first one */
export function changeBetween(before: Manifest | null, after: Manifest): Change {
  const { dataset, identity, dimension, made, watermark } = after;
  const base = { dataset, identity, dimension };
  const isSameBase = before !== null && isEqual(base, baseOf(before));
  const parts = listChangeBetween(before?.parts ?? [], after.parts);
  const setAsideChange = listChangeBetween(before?.setAside ?? [], after.setAside);
  return {
    made,
    watermark,
    rows: rowCounts(after),
    ...(isSameBase ? {} : { base }),
    ...(before?.sweptAt === after.sweptAt ? {} : { sweptAt: after.sweptAt }),
    ...((before?.nextGroup ?? 0) === after.nextGroup ? {} : { nextGroup: after.nextGroup }),
    ...(after.lastRun === lastRunBy(made, before) ? {} : { lastRun: after.lastRun }),
    ...(parts === null ? {} : { parts }),
    ...(setAsideChange === null ? {} : { setAside: setAsideChange }),
  };
}

/** The version after a change; `null` if the change is not one of `before`. */
export function changed(before: Manifest | null, change: Change): Manifest | null {
  const base = change.base ?? (before === null ? null : baseOf(before));
  const sweptAt = change.sweptAt ?? before?.sweptAt;
  const lastRun = change.lastRun ?? lastRunBy(change.made, before);
  if (base === null || sweptAt === undefined || lastRun === undefined) return null;
  return {
    ...base,
    watermark: change.watermark,
    sweptAt,
    parts: changedList(before?.parts ?? [], change.parts),
    setAside: changedList(before?.setAside ?? [], change.setAside),
    nextGroup: change.nextGroup ?? before?.nextGroup ?? 0,
    lastRun,
    made: change.made,
  };
}

function baseOf({ dataset, identity, dimension }: Manifest): NonNullable<Change['base']> {
  return { dataset, identity, dimension };
}

function lastRunBy(made: Change['made'], before: Manifest | null): string | undefined {
  return made.by === 'run' ? made.run : before?.lastRun;
}

function listChangeBetween<Entry>(
  before: readonly Entry[],
  after: readonly Entry[],
): { keep: number; add: Entry[] } | null {
  const differing = after.findIndex((entry, index) => index >= before.length || !isEqual(entry, before[index]));
  const keep = differing < 0 ? after.length : differing;
  return keep === before.length && keep === after.length ? null : { keep, add: after.slice(keep) };
}

/** Shared with the version before where nothing changed: a history of many versions then holds few lists. */
function changedList<Entry>(
  before: Entry[],
  change: { readonly keep: number; readonly add: readonly Entry[] } | undefined,
): Entry[] {
  return change === undefined ? before : [...before.slice(0, change.keep), ...change.add];
}

function isEqual(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
