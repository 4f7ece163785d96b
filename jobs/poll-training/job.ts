/**
 * poll-training: takes a training request from its data to the registered model: submits it, waits for it, evaluates it
 * and fetches its files.
 *
 * Reads: the upload, the platform's training jobs (SUBMIT and POLL budgets), trainings/<request>/log, whether the request
 * was cancelled.
 * Writes: trainings/<request>/*, models/files/<job>/*, the model registry, the audit log; a training job on the platform.
 * Emits: nothing; between two polls it waits in Redis.
 * Idempotent because: each step looks at the request's log first and appends to it exclusively; a submission of
 * unknown outcome is never repeated.
 */
import { z } from 'zod';
import { dataSource } from '../../src/domain/skill-training/data-summary.ts';
import { skillId } from '../../src/domain/skill-training/payload.ts';
import { defaultMaxPolls } from '../../src/domain/skill-training/waits.ts';
import { exportArtifacts, readEvaluation, readTrainingJob, submitTraining } from '../../src/platform/endpoints.ts';
import { defineJob } from '../../src/runtime/job.ts';
import { shown } from '../../src/runtime/shown.ts';
import {
  submissionRefused,
  submissionUnknown,
  trainingCancelled,
  trainingFailed,
  trainingNotFound,
  trainingTimedOut,
} from './errors.ts';
import { trainingJobProgress } from './progress.ts';

/** The id of a training request, which is part of a key. */
export const trainingRequest = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

const common = {
  tenant: z.string(),
  /** The request's id; part of the job's id. */
  request: trainingRequest,
  /** Number of status answers after which it has timed out. */
  maxPolls: z.number().int().min(1).max(100_000).default(defaultMaxPolls),
  /** The requester. */
  by: z.string(),
};

export const trainPayload = z.strictObject({
  kind: z.literal('train'),
  ...common,
  skillId,
  /** The upload's reference: training data as JSON. */
  data: z.uuid(),
  source: dataSource,
  /** How to downsample classes that are too large; `null`: such classes are an error. */
  downsample: z.strictObject({ seed: z.number().int().min(0) }).nullable(),
});
const recovery = z.strictObject({
  kind: z.literal('recovery'),
  ...common,
  /** Distinguishes this recovery from others. */
  recoveryId: z.uuid(),
  /** The platform's job to attach to; `null`: submit the request again. */
  attach: z.string().min(1).nullable(),
});
export type TrainPayload = z.infer<typeof trainPayload>;
export type RecoveryPayload = z.infer<typeof recovery>;

/** The first job of a training; its id is the one the caller sees. */
export const trainingJobId = (request: string) => `train.${request}`;

/** The job of one recovery of a training. */
export const recoveryJobId = (request: string, recoveryId: string) => `recovery.${request}.${recoveryId}`;

export const pollTraining = defineJob({
  name: 'poll-training',
  system: 'training',
  summary: 'Submits a training once, waits for it, evaluates it and keeps the model',
  calls: [submitTraining, readTrainingJob, readEvaluation, exportArtifacts],
  payload: shown(z.discriminatedUnion('kind', [trainPayload, recovery])),
  result: shown(
    z.strictObject({
      request: trainingRequest,
      jobId: z.string(),
      model: z.number().int(),
      accuracy: z.number(),
      macroPrecision: z.number(),
      macroRecall: z.number(),
      macroF1: z.number(),
    }),
  ),
  progress: shown(trainingJobProgress),
  id: payload =>
    payload.kind === 'train' ? trainingJobId(payload.request) : recoveryJobId(payload.request, payload.recoveryId),
  policy: {
    attempts: 8,
    backoffMs: 1_000,
    // 5 polls/s of up to a second each; between its polls a job uses no worker slot.
    concurrency: 5,
    timeoutMs: 15 * 60_000,
  },
  open: { payload: trainPayload, id: 'train.<request>' },
  errors: [submissionUnknown, submissionRefused, trainingFailed, trainingCancelled, trainingTimedOut, trainingNotFound],
  handler: () => import('./handler.ts'),
});
