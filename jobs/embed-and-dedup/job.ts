/**
 * embed-and-dedup: embeds the texts of each page of a run, plans the run's turns, and commits its part to the dataset.
 *
 * Reads: runs/<run>/turns/*, the dataset's head and parts, vectors/<model>/*.
 * Writes: runs/<run>/vectors/<ask or batch>, plan.json and planned/*; then the dataset's part, what was embedded to
 * vectors/<model>, and the dataset's next version.
 * Emits: its own plan once all pages are embedded, batches for texts without a vector, its own commit once there are none.
 * Idempotent because: the vectors of a page or batch and the plan are created exclusively; a commit appends to the
 * dataset's log, which holds a run at most once.
 */
import { z } from 'zod';
import { instant } from '../../src/domain/interaction/interaction.ts';
import { runName } from '../../src/domain/run/run.ts';
import { defineJob } from '../../src/runtime/job.ts';
import { shown } from '../../src/runtime/shown.ts';
import { pageName } from '../../src/store/runs/runs.ts';
import { datasetTooLarge, runClosed, tooManyRejects } from './errors.ts';

const page = z.strictObject({
  kind: z.literal('page'),
  tenant: z.string(),
  run: runName,
  pass: z.number().int().nonnegative(),
  page: z.number().int().positive(),
  attempt: z.number().int().positive(),
});
const plan = z.strictObject({
  kind: z.literal('plan'),
  tenant: z.string(),
  run: runName,
  /** How many answers there were; part of the job's id, so that more answers make another job. */
  answers: z.number().int().positive(),
});
const batch = z.strictObject({
  kind: z.literal('batch'),
  tenant: z.string(),
  run: runName,
  batch: z.number().int().nonnegative(),
});
const commit = z.strictObject({ kind: z.literal('commit'), tenant: z.string(), run: runName });

export const embedAndDedup = defineJob({
  name: 'embed-and-dedup',
  system: 'curation',
  summary: 'Embeds the texts of each page, removes near-duplicates and commits the version',
  calls: [],
  payload: shown(z.discriminatedUnion('kind', [page, plan, batch, commit])),
  result: shown(
    z.union([
      z.strictObject({ complete: z.literal(false) }),
      z.strictObject({ page: z.number().int(), texts: z.number().int() }),
      z.strictObject({ turns: z.number().int(), batches: z.number().int() }),
      z.strictObject({ batch: z.number().int(), texts: z.number().int() }),
      z.strictObject({ version: z.number().int(), watermark: instant }),
    ]),
  ),
  progress: shown(
    z.union([
      z.strictObject({ embedded: z.number().int(), of: z.number().int() }),
      z.strictObject({ decided: z.number().int(), of: z.number().int(), kept: z.number().int() }),
    ]),
  ),
  id: payload => {
    switch (payload.kind) {
      case 'page':
        return `texts.${payload.run}.${pageName(payload)}`;
      case 'plan':
        return `plan.${payload.run}.${payload.answers}`;
      case 'batch':
        return `batch.${payload.run}.${String(payload.batch).padStart(7, '0')}`;
      case 'commit':
        return `commit.${payload.run}`;
    }
  },
  // Planning and commits come first, so that a small run is not held up by the pages of a large one.
  isBulk: payload => payload.kind === 'page' || payload.kind === 'batch',
  policy: {
    attempts: 5,
    backoffMs: 500,
    // A process has an inference session for each of its cores; the second job keeps them busy while the first one ends.
    concurrency: 2,
    timeoutMs: 15 * 60_000,
  },
  errors: [tooManyRejects, datasetTooLarge, runClosed],
  handler: () => import('./handler.ts'),
});
