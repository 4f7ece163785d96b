/**
 * embed-and-dedup: plans which texts of a run to embed, embeds them in batches, and commits the run's part to its dataset.
 *
 * Reads: runs/<run>/turns/*, the dataset's head and parts.
 * Writes: runs/<run>/plan.json and planned/*, runs/<run>/vectors/<batch>; then the dataset's part and next version.
 * Emits: its own batches; its own commit once all vectors exist.
 * Idempotent because: the plan and each batch's vectors are created exclusively; a commit appends to the dataset's log,
 * which holds a run at most once.
 */
import { z } from 'zod';
import { instant } from '../../src/domain/interaction/interaction.ts';
import { runName } from '../../src/domain/run/run.ts';
import { defineJob } from '../../src/runtime/job.ts';
import { shown } from '../../src/runtime/shown.ts';
import { runClosed, tooManyRejects } from './errors.ts';

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
  summary: 'Embeds a run’s texts in batches, removes near-duplicates and commits the version',
  calls: [],
  payload: shown(z.discriminatedUnion('kind', [plan, batch, commit])),
  result: shown(
    z.union([
      z.strictObject({ complete: z.literal(false) }),
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
      case 'plan':
        return `plan.${payload.run}.${payload.answers}`;
      case 'batch':
        return `batch.${payload.run}.${String(payload.batch).padStart(7, '0')}`;
      case 'commit':
        return `commit.${payload.run}`;
    }
  },
  // Planning and commits come first, so that a small run is not held up by the batches of a large one.
  isBulk: payload => payload.kind === 'batch',
  policy: {
    attempts: 5,
    backoffMs: 500,
    // A process has one inference thread pool that uses all its cores; the second job only keeps it from idling.
    concurrency: 2,
    timeoutMs: 15 * 60_000,
  },
  errors: [tooManyRejects, runClosed],
  handler: () => import('./handler.ts'),
});
