/**
 * extract-turns: takes one page of a curation run apart into interactions, turns and rejects.
 *
 * Reads: runs/<run>/run.json, runs/<run>/pages/<ask>.
 * Writes: runs/<run>/turns/<ask>.
 * Emits: fetch-page for rows that no answer covers yet; embed-and-dedup once all are covered.
 * Idempotent because: its output is a function of the page and the run, created exclusively.
 */
import { z } from 'zod';
import { runName } from '../../src/domain/run/run.ts';
import { defineJob } from '../../src/runtime/job.ts';
import { askName } from '../../src/store/runs/runs.ts';

export const extractTurns = defineJob({
  name: 'extract-turns',
  payload: z.strictObject({
    tenant: z.string(),
    run: runName,
    pass: z.number().int().nonnegative(),
    page: z.number().int().positive(),
    time: z.number().int().positive(),
  }),
  id: payload => `turns.${payload.run}.${askName(payload)}`,
  policy: {
    attempts: 5,
    backoffMs: 500,
    // Parsing keeps one core busy for milliseconds; the rest is waiting for the disk.
    concurrency: 4,
    timeoutMs: 60_000,
  },
});
