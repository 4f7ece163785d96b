/**
 * push-config: sets the tenant's thresholds to those of a tuning, or back to those of an earlier push.
 *
 * Reads: tunings/<id>/result.json, the log of pushes; for a rollback the tenant's intents (INTENTS budget).
 * Writes: the log of pushes, the audit log, the tenant's NLP configuration (CONFIG budget).
 * Emits: nothing.
 * Idempotent because: a request has one version in the log, each attempt to send is claimed there first, and each push
 * sets all thresholds at once.
 */
import { z } from 'zod';
import { listIntents, putNlpConfig } from '../../src/platform/endpoints.ts';
import { defineJob } from '../../src/runtime/job.ts';
import { shown } from '../../src/runtime/shown.ts';
import { tuningId } from '../../src/store/tunings/tunings.ts';
import { pushTerms } from '../compute-roc/job.ts';
import { changeTooLarge, nothingToPush, pushRefused, versionNotFound } from './errors.ts';

const tuned = z.strictObject({
  kind: z.literal('tuning'),
  tenant: z.string(),
  tuning: tuningId,
  ...pushTerms.shape,
  by: z.string(),
});
const rollback = z.strictObject({
  kind: z.literal('rollback'),
  tenant: z.string(),
  /** Identifies the request; part of the job's id. */
  request: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  version: z.number().int().positive(),
  by: z.string(),
});
export type PushPayload = z.infer<typeof tuned> | z.infer<typeof rollback>;

export const pushConfig = defineJob({
  name: 'push-config',
  system: 'thresholds',
  summary: 'Sets the tenant’s thresholds, one push at a time',
  calls: [putNlpConfig, listIntents],
  payload: shown(z.discriminatedUnion('kind', [tuned, rollback])),
  result: shown(z.strictObject({ version: z.number().int(), intents: z.number().int() })),
  /** The earlier version that may still reach the platform, and since when (ms since 1970). */
  progress: shown(z.strictObject({ waitingForVersion: z.number().int(), waitingSince: z.number() })),
  id: payload => (payload.kind === 'tuning' ? `push.${payload.tuning}` : `rollback.${payload.request}`),
  policy: {
    attempts: 8,
    backoffMs: 1_000,
    // A tenant's pushes are sent one at a time.
    concurrency: 1,
    timeoutMs: 3 * 60_000,
  },
  errors: [nothingToPush, changeTooLarge, pushRefused, versionNotFound],
  handler: () => import('./handler.ts'),
});
