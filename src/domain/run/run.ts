import { z } from 'zod';
import { datasetIdentity, datasetName } from '../dataset/identity.ts';
import { instant } from '../interaction/interaction.ts';

const minutes = 60_000;
const hours = 60 * minutes;

/** What a curation may be asked for. What is absent is the dataset's own value, or the default for a new one. */
export const curationParameters = z.strictObject({
  minRating: z.number().min(1, 'must be from 1 to 5').max(5, 'must be from 1 to 5').optional(),
  similarity: z.number().gt(0, 'must be above 0 and at most 1').max(1, 'must be above 0 and at most 1').optional(),
  /** Reaches back to here, this instant included. */
  since: instant.optional(),
  bots: z.array(z.string().min(1)).min(1).optional(),
  /** How far a run overlaps the one before, for rows that arrive late. */
  lookBackMs: z.number().int().nonnegative().optional(),
  /** How long after its end a conversation may still be rated; 0: ratings never come late. */
  ratingHorizonMs: z.number().int().nonnegative().optional(),
  /** A run reaches back over that horizon at most this often. */
  ratingSweepEveryMs: z.number().int().nonnegative().optional(),
});
export type CurationParameters = z.infer<typeof curationParameters>;

export const defaults = {
  minRating: 4,
  similarity: 0.85,
  lookBackMs: 10 * minutes,
  ratingHorizonMs: 72 * hours,
  ratingSweepEveryMs: 6 * hours,
} as const;

/** The parameters with nothing left open. */
export const runParameters = z.strictObject({
  identity: datasetIdentity,
  since: instant.nullable(),
  lookBackMs: z.number(),
  ratingHorizonMs: z.number(),
  ratingSweepEveryMs: z.number(),
});
export type RunParameters = z.infer<typeof runParameters>;

/** A run's id: its dataset and its number there. It is a folder's name. */
export const runName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\.\d{8,12}$/, 'must be DATASET.NUMBER');

/** A curation run, fixed when it is opened: `runs/<run>/run.json`. */
export const run = z.strictObject({
  run: runName,
  dataset: datasetName,
  /** The job that opened it. */
  openedBy: z.string(),
  parameters: runParameters,
  window: z.strictObject({
    /** Rows strictly newer than this are asked for; `null`: all there are. */
    after: instant.nullable(),
    /** Rows newer than this belong to the next run. It becomes the watermark. */
    upper: instant,
    /** Whether this run reaches back for late ratings. */
    sweeps: z.boolean(),
    /** The watermark of the dataset when the run was opened. */
    watermark: instant.nullable(),
  }),
  /** Rows that the first answer counted. */
  total: z.number().int().nonnegative(),
});
export type Run = z.infer<typeof run>;

/** `demo` and 7 → `demo.00000007`; a dataset's runs are numbered in the order in which they were opened. */
export function runId(dataset: string, number: number): string {
  return `${dataset}.${String(number).padStart(8, '0')}`;
}

/** The number of a run in its dataset. */
export function runNumber(run: string): number {
  return Number.parseInt(run.slice(run.lastIndexOf('.') + 1), 10);
}

/** What happened to a run, oldest first; the last entry is its state. */
export const runEvent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('opened') }),
  z.strictObject({ kind: z.literal('resumed') }),
  /** Another request, by its job, shares the run from here on. */
  z.strictObject({ kind: z.literal('joined'), request: z.string() }),
  z.strictObject({ kind: z.literal('failed'), code: z.string(), message: z.string(), job: z.string() }),
  z.strictObject({ kind: z.literal('closed'), code: z.string(), message: z.string() }),
  z.strictObject({ kind: z.literal('committed'), version: z.number().int() }),
]);
export type RunEvent = z.infer<typeof runEvent>;
