import { z } from 'zod';
import { instant } from '../interaction/interaction.ts';
import { type DatasetIdentity, datasetIdentity, identityDifferences } from './identity.ts';

/** A file of a part, named by its SHA-256. */
const partFile = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.number().int().nonnegative() });
export type PartFile = z.infer<typeof partFile>;

/** What one run added. */
export const part = z.strictObject({
  run: z.string(),
  /** The dataset's row number of the part's first kept row; the others follow. */
  firstGroup: z.number().int().nonnegative(),
  keptCount: z.number().int().nonnegative(),
  removedCount: z.number().int().nonnegative(),
  takenCount: z.number().int().nonnegative(),
  kept: partFile,
  removed: partFile,
  /** Of the kept rows: float32, little-endian, row after row. */
  vectors: partFile,
  /** Of the interactions taken: the first 16 bytes of each id's SHA-256, sorted. */
  taken: partFile,
});
export type Part = z.infer<typeof part>;

/** What a run saw and did, for its summary. */
export const runCounts = z.strictObject({
  interactions: z.number().int(),
  turns: z.number().int(),
  kept: z.number().int(),
  removed: z.number().int(),
  /** Interactions of the window that the dataset had already. */
  alreadyTaken: z.number().int(),
  belowRating: z.number().int(),
  /** Without a rating, and it may still come. */
  unrated: z.number().int(),
  /** Without a rating when the rating horizon ended: not looked at again. */
  neverRated: z.number().int(),
  otherBots: z.number().int(),
  rejects: z.number().int(),
  erased: z.number().int(),
  /** Well-rated conversations that gave no turn, and the senders met in them. */
  withoutTurns: z.number().int().default(0),
  sendersMet: z.array(z.string()).default([]),
  /** Removed turns of which the model knows no word: for it they all say the same. */
  unknownWords: z.number().int().default(0),
});
/** A record that was left out: which, and what is wrong with it. */
export const rejected = z.strictObject({
  endpoint: z.string(),
  id: z.string().nullable(),
  field: z.string(),
  problem: z.string(),
});
export type Rejected = z.infer<typeof rejected>;

/** How many rejects of a run a version lists. */
export const mostListedRejects = 20;

export type RunCounts = z.infer<typeof runCounts>;

/** What made a version. */
export const madeBy = z.discriminatedUnion('by', [
  z.strictObject({
    by: z.literal('run'),
    run: z.string(),
    counts: runCounts,
    /** The first of the rejects that the counts speak of. */
    rejects: z.array(rejected).default([]),
  }),
  z.strictObject({ by: z.literal('restore'), version: z.number().int().positive() }),
]);

/** Of a part that a restore dropped: the interactions that it took, which are not taken again. */
export const setAside = z.strictObject({ run: z.string(), taken: partFile });

/** A version of a dataset, as the changes in its log add up to it. The newest alone says what exists. */
export const manifest = z.strictObject({
  dataset: z.string(),
  identity: datasetIdentity,
  dimension: z.number().int().positive(),
  watermark: instant,
  /** The upper bound of the last run that reached back for late ratings. */
  sweptAt: instant,
  parts: z.array(part),
  setAside: z.array(setAside),
  /** The row number of the next kept row; it never goes back. */
  nextGroup: z.number().int().nonnegative(),
  /** The newest run committed. Runs of a dataset are committed in the order of their numbers. */
  lastRun: z.string(),
  made: madeBy,
});
export type Manifest = z.infer<typeof manifest>;

/** Rows that the dataset has, kept and removed. */
export function rowCounts(head: Manifest): { kept: number; removed: number } {
  const sum = (of: (part: Part) => number) => head.parts.reduce((total, each) => total + of(each), 0);
  return { kept: sum(each => each.keptCount), removed: sum(each => each.removedCount) };
}

/**
 * Whether a run with `wanted` may begin the dataset again: it has never had a row, so that no row was chosen by the
 * identity that it has.
 */
export function beginsAgain({ identity, nextGroup }: Manifest, wanted: DatasetIdentity): boolean {
  return nextGroup === 0 && identity.tenant === wanted.tenant && identityDifferences(identity, wanted).length > 0;
}

/**
 * The version that makes `old` the newest again. Row numbers never go back.
 * @param rewinds whether the watermark goes back too, so that all that came after `old` is fetched again. Otherwise it
 *   stays, and what the parts that are dropped took is not taken again.
 */
export function restored(head: Manifest, old: Manifest, version: number, rewinds: boolean): Manifest {
  const made = { by: 'restore', version } as const;
  if (rewinds) return { ...old, nextGroup: head.nextGroup, lastRun: head.lastRun, made };
  const stays = new Set(old.parts.map(each => each.run));
  const dropped = [...head.setAside, ...head.parts].filter(each => !stays.has(each.run));
  return { ...head, parts: old.parts, setAside: dropped.map(({ run, taken }) => ({ run, taken })), made };
}
