/**
 * fetch-page: asks the platform's interaction log for one page of a curation run; its first job opens the run.
 *
 * Reads: the interaction log (INTERACTIONS budget), the dataset's head.
 * Writes: runs/<run>/run.json, runs/<run>/pages/<ask>.
 * Emits: extract-turns for the page, fetch-page for the pages that its answer shows.
 * Idempotent because: a run and a page are created exclusively; what exists is not asked for again.
 */
import { z } from 'zod';
import { datasetName } from '../../src/domain/dataset/identity.ts';
import { curationParameters, runName } from '../../src/domain/run/run.ts';
import { defineJob } from '../../src/runtime/job.ts';
import { askName } from '../../src/store/runs/runs.ts';

export const openPayload = z.strictObject({
  kind: z.literal('open'),
  tenant: z.string(),
  dataset: datasetName,
  /** Who asks: makes the job's id. Two requests with equal parameters share one run. */
  request: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  parameters: curationParameters,
});

const page = z.strictObject({
  kind: z.literal('page'),
  tenant: z.string(),
  run: runName,
  pass: z.number().int().nonnegative(),
  page: z.number().int().positive(),
  time: z.number().int().positive(),
});

export type OpenPayload = z.infer<typeof openPayload>;
export type PagePayload = z.infer<typeof page>;

export const fetchPage = defineJob({
  name: 'fetch-page',
  payload: z.discriminatedUnion('kind', [openPayload, page]),
  id: payload =>
    payload.kind === 'open' ? `open.${payload.dataset}.${payload.request}` : `page.${payload.run}.${askName(payload)}`,
  // A new run is opened, and so seen, before the pages of those under way.
  isBulk: payload => payload.kind === 'page',
  policy: {
    attempts: 8,
    backoffMs: 500,
    // 2 requests/s that take up to a second each; more of them only wait for their slots.
    concurrency: 8,
    timeoutMs: 90_000,
  },
});
