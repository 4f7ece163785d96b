/**
 * compute-roc: computes each intent's confidence threshold from an uploaded cross-validation export.
 *
 * Reads: the upload, the tenant's intents (INTENTS budget), the log of pushes.
 * Writes: tunings/<id>/intents/<pass>.<page>, tunings/<id>/result.json, tunings/<id>/report.html.
 * Emits: push-config, if a push was requested.
 * Idempotent because: pages, result and report are created exclusively; a tuning with a result computes nothing.
 */
import { z } from 'zod';
import { tuningParameters } from '../../src/domain/roc/result.ts';
import { listIntents } from '../../src/platform/endpoints.ts';
import { defineJob } from '../../src/runtime/job.ts';
import { shown } from '../../src/runtime/shown.ts';
import { tuningId } from '../../src/store/tunings/tunings.ts';
import { intentsUnstable } from './errors.ts';

/** The limits of the tuning's push. */
export const pushTerms = z.strictObject({
  /** Rejected if a threshold in force would change by more than this; `null`: no limit. */
  maxChange: z.number().min(0).max(1).nullable(),
});
export type PushTerms = z.infer<typeof pushTerms>;

export const computePayload = shown(
  z.strictObject({
    tenant: z.string(),
    /** The tuning's id; part of the job's id. */
    tuning: tuningId,
    /** The upload's reference. */
    csv: z.uuid(),
    parameters: tuningParameters,
    push: pushTerms.nullable(),
    /** The requester. */
    by: z.string(),
  }),
);
export type ComputePayload = z.infer<typeof computePayload>;

/** The job that computes a tuning; its id is the one the caller sees. */
export const tuningJobId = (tuning: string) => `tuning.${tuning}`;

export const computeRoc = defineJob({
  name: 'compute-roc',
  system: 'thresholds',
  summary: 'Computes each intent’s threshold from an export, with a report',
  calls: [listIntents],
  payload: computePayload,
  result: shown(
    z.strictObject({
      rows: z.number().int(),
      intents: z.number().int(),
      pushable: z.number().int(),
      skipped: z.number().int(),
      globalThreshold: z.number().nullable(),
    }),
  ),
  progress: shown(
    z.union([
      z.strictObject({ stage: z.enum(['reading', 'intents']) }),
      z.strictObject({ stage: z.literal('computing'), intents: z.number().int() }),
    ]),
  ),
  id: ({ tuning }) => tuningJobId(tuning),
  policy: {
    attempts: 8,
    backoffMs: 500,
    // CPU-bound; a second job computes while the first one waits for the intents.
    concurrency: 2,
    timeoutMs: 15 * 60_000,
  },
  open: { payload: computePayload, id: 'tuning.<tuning>' },
  errors: [intentsUnstable],
  handler: () => import('./handler.ts'),
});
