import { z } from 'zod';
import { instant } from '../interaction/interaction.ts';
import { dataSummary, modelFile, storedFile } from './data-summary.ts';
import { bestThreshold, metrics } from './evaluate.ts';
import { strayLabel } from './evaluation.ts';
import { computeUnits } from './job-status.ts';
import { skillId } from './payload.ts';

const count = z.number().int().nonnegative();
const jobId = z.string().min(1);
const at = instant;
/** Which request for a recovery this is: each is applied once. */
const recoveryId = z.uuid().optional();

/** Why something did not work out: a code of ours or of the platform, and a sentence without a customer's text. */
export const reason = z.strictObject({ code: z.string().min(1), message: z.string() });
export type Reason = z.infer<typeof reason>;

/**
 * What happened to a training request: an entry of its append-only log, which `request-state` folds. What is large (the
 * payload, the evaluation, the model) lies in the artifact store, by reference.
 */
export const requestEvent = z.discriminatedUnion('kind', [
  /** The data passed the checks. The first event of every log, and only that. */
  z.strictObject({
    kind: z.literal('validated'),
    at,
    request: z.string().min(1),
    skillId,
    by: z.string(),
    data: dataSummary,
    /** The body to submit. */
    payload: storedFile,
    warnings: z.array(z.strictObject({ code: z.string(), count })),
  }),
  /**
   * Is in the log before the POST leaves. Only the worker that appended it may send one. `claim` is that worker's
   * alone (random): two entries of equal text could not be distinguished when an append's answer is lost.
   */
  z.strictObject({ kind: z.literal('submitting'), at, claim: z.string().min(1) }),
  /** The platform took it. */
  z.strictObject({ kind: z.literal('submitted'), at, jobId }),
  /** 429, 500, 503, or it never left: the platform did not take it, and it may be submitted again. */
  z.strictObject({ kind: z.literal('not-accepted'), at, reason }),
  /** The platform refused it for good, or it was given up before it was ever accepted. */
  z.strictObject({ kind: z.literal('submission-refused'), at, reason }),
  /** The answer was lost, the worker crashed, or the platform does not know the job: which job is ours cannot be known. */
  z.strictObject({ kind: z.literal('submission-unknown'), at, reason }),
  /** A recovery: this is the platform's job. */
  z.strictObject({ kind: z.literal('attached'), at, jobId, by: z.string(), recoveryId }),
  /** A recovery: it is known, or accepted, that another submission does no harm. */
  z.strictObject({ kind: z.literal('resubmission'), at, by: z.string(), recoveryId }),
  z.strictObject({ kind: z.literal('timed-out'), at, polls: count }),
  /** The platform says that the training failed. */
  z.strictObject({ kind: z.literal('failed'), at, reason }),
  /** By the platform or the requester; a job that runs on the platform continues, but is not followed. */
  z.strictObject({ kind: z.literal('cancelled'), at, by: z.string() }),
  z.strictObject({
    kind: z.literal('evaluated'),
    at,
    metrics,
    bestThreshold,
    trainingDurationSeconds: z.number().nonnegative().nullable(),
    /** Predictions of the evaluation outside its labels. */
    stray: z.array(strayLabel).optional(),
    computeUnits: computeUnits.optional(),
    /** The whole `evaluationResult`. */
    evaluation: storedFile,
  }),
  /** The model's files lie in the store. */
  z.strictObject({ kind: z.literal('exported'), at, files: z.array(modelFile).min(1) }),
  /** The model is in the registry, and the audit log has its entry. The end. */
  z.strictObject({ kind: z.literal('audited'), at, registryEntry: z.number().int().positive() }),
]);
export type RequestEvent = z.infer<typeof requestEvent>;
