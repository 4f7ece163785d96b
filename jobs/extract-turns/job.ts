/**
 * extract-turns: splits one page of a curation run into interactions, turns and rejects.
 *
 * Reads: runs/<run>/run.json, runs/<run>/pages/<ask>.
 * Writes: runs/<run>/turns/<ask>; for a page without texts, its empty runs/<run>/vectors/<ask>.
 * Emits: embed-and-dedup for the page's texts; fetch-page for rows that no answer covers yet; the plan once all are covered.
 * Idempotent because: its output is a function of the page and the run, created exclusively.
 */
import { z } from 'zod';
import { runName } from '../../src/domain/run/run.ts';
import { defineJob, noProgress } from '../../src/runtime/job.ts';
import { shown } from '../../src/runtime/shown.ts';
import { pageName } from '../../src/store/runs/runs.ts';

export const extractTurns = defineJob({
  name: 'extract-turns',
  system: 'curation',
  summary: 'Splits a page into interactions, turns and rejects',
  calls: [],
  payload: shown(
    z.strictObject({
      tenant: z.string(),
      run: runName,
      pass: z.number().int().nonnegative(),
      page: z.number().int().positive(),
      attempt: z.number().int().positive(),
    }),
  ),
  result: shown(z.strictObject({ interactions: z.number().int(), turns: z.number().int(), rejects: z.number().int() })),
  progress: noProgress,
  id: payload => `turns.${payload.run}.${pageName(payload)}`,
  policy: {
    attempts: 5,
    backoffMs: 500,
    // Parsing uses one core for milliseconds; the rest is disk I/O.
    concurrency: 4,
    timeoutMs: 60_000,
  },
  handler: () => import('./handler.ts'),
});
