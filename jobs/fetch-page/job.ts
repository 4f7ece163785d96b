/**
 * fetch-page: fetches one page of the platform's interaction log for a curation run; its first job opens the run.
 *
 * Reads: the interaction log (INTERACTIONS budget), the dataset's head.
 * Writes: runs/<run>/run.json, runs/<run>/pages/<ask>.
 * Emits: extract-turns for the page, fetch-page for further pages that its answer counts.
 * Idempotent because: a run and a page are created exclusively; an existing page is not requested again.
 */
import { z } from 'zod';
import { datasetName } from '../../src/domain/dataset/identity.ts';
import { curationParameters, runName } from '../../src/domain/run/run.ts';
import { listInteractions } from '../../src/platform/endpoints.ts';
import { defineJob } from '../../src/runtime/job.ts';
import { shown } from '../../src/runtime/shown.ts';
import { pageName } from '../../src/store/runs/runs.ts';
import { windowTooLarge, windowUnstable } from './errors.ts';

export const openPayload = z.strictObject({
  kind: shown(z.literal('open')),
  tenant: shown(z.string()),
  dataset: shown(datasetName),
  /** Identifies the request; part of the job's id. Two requests with equal parameters share one run. */
  request: shown(z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)),
  parameters: shown(curationParameters),
});

const page = z.strictObject({
  kind: shown(z.literal('page')),
  tenant: shown(z.string()),
  run: shown(runName),
  pass: shown(z.number().int().nonnegative()),
  page: shown(z.number().int().positive()),
  attempt: shown(z.number().int().positive()),
});

const result = shown(
  z.union([
    z.strictObject({ run: runName, total: z.number().int() }),
    z.strictObject({ run: runName, state: z.enum(['committed', 'closed']) }),
    z.strictObject({ run: runName, joined: z.literal(true) }),
    z.strictObject({ page: z.number().int(), requested: z.boolean(), total: z.number().int().optional() }),
  ]),
);

export type OpenPayload = z.infer<typeof openPayload>;
export type PagePayload = z.infer<typeof page>;

export const fetchPage = defineJob({
  name: 'fetch-page',
  system: 'curation',
  summary: 'Opens a curation run; fetches one page of the interaction log',
  calls: [listInteractions],
  payload: z.discriminatedUnion('kind', [openPayload, page]),
  result,
  progress: z.strictObject({ waitingFor: shown(runName) }),
  id: payload =>
    payload.kind === 'open' ? `open.${payload.dataset}.${payload.request}` : `page.${payload.run}.${pageName(payload)}`,
  // Opening a run comes before the pages of runs in progress, so that callers see it early.
  isBulk: payload => payload.kind === 'page',
  policy: {
    attempts: 8,
    backoffMs: 500,
    // 2 requests/s of up to a second each; more jobs would only wait for their slots.
    concurrency: 8,
    timeoutMs: 90_000,
  },
  open: { payload: openPayload, id: 'open.<dataset>.<request>' },
  errors: [windowUnstable, windowTooLarge],
  handler: () => import('./handler.ts'),
});
