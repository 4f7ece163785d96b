/**
 * push-config: sets the tenant's thresholds to those of a tuning, or back to those of an earlier push.
 *
 * Reads: tunings/<id>/result.json, the log of pushes; for a rollback the tenant's intents (INTENTS budget).
 * Writes: the log of pushes, the audit log, the tenant's NLP configuration (CONFIG budget).
 * Emits: nothing.
 * Idempotent because: a request has one version in the log, each sending is claimed there before it leaves, and what is
 * sent sets all thresholds at once.
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
  /** Who asks: makes the job's id. */
  request: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  version: z.number().int().positive(),
  by: z.string(),
});
export type PushPayload = z.infer<typeof tuned> | z.infer<typeof rollback>;

export const pushConfig = defineJob({
  name: 'push-config',
  system: 'thresholds',
  summary: 'Sets the tenant’s thresholds, one push after the other',
  calls: [putNlpConfig, listIntents],
  payload: shown(z.discriminatedUnion('kind', [tuned, rollback])),
  result: shown(z.strictObject({ version: z.number().int(), intents: z.number().int() })),
  /** Which earlier version may still be on its way, and since when (ms since 1970). */
  progress: shown(z.strictObject({ waitingForVersion: z.number().int(), waitingSince: z.number() })),
  id: payload => (payload.kind === 'tuning' ? `push.${payload.tuning}` : `rollback.${payload.request}`),
  policy: {
    attempts: 8,
    backoffMs: 1_000,
    // Pushes of a tenant come one after the other.
    concurrency: 1,
    timeoutMs: 3 * 60_000,
  },
  errors: [nothingToPush, changeTooLarge, pushRefused, versionNotFound],
  handler: () => import('./handler.ts'),
});
