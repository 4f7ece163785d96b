import { z } from 'zod';

const reason = z.union([z.string(), z.object({ message: z.string() }).transform(error => error.message)]);
/** What we only show must not make an answer unreadable. */
const shown = reason.optional().catch(undefined);

/** What the platform says of a training job. */
export const jobStatus = z.object({
  jobId: z.string().min(1),
  /** `COMPLETED`, `FAILED` and `CANCELLED` are final; whatever else it says, the job is still running. */
  status: z.string().min(1),
  /** Percent. */
  progress: z.number(),
  computeUnitsAllocated: z.number().nullish(),
  computeUnitsUsed: z.number().nullish(),
  stage: z.string().nullish(),
  /** Why it failed; no document says which field holds it. */
  failureReason: shown,
  error: shown,
  message: shown,
});
export type JobStatus = z.infer<typeof jobStatus>;

export type JobOutcome = 'running' | 'completed' | 'failed' | 'cancelled';

export function outcomeOf({ status }: JobStatus): JobOutcome {
  if (status === 'COMPLETED') return 'completed';
  if (status === 'FAILED') return 'failed';
  return status === 'CANCELLED' ? 'cancelled' : 'running';
}

/** What the platform says of a failure, on one line of at most 300 characters; `null` where it says nothing. */
export function reasonOf({ failureReason, error, message }: JobStatus): string | null {
  const said = [failureReason, error, message].map(each => each?.replace(/[\s\p{Cc}]+/gu, ' ').trim() ?? '');
  return said.find(each => each !== '')?.slice(0, 300) ?? null;
}

/** Compute units, if the platform reports them. */
export const computeUnits = z.strictObject({ allocated: z.number().nullable(), used: z.number().nullable() });
export type ComputeUnits = z.infer<typeof computeUnits>;

/** `null` where the answer has neither number. */
export function computeUnitsOf({ computeUnitsAllocated, computeUnitsUsed }: JobStatus): ComputeUnits | null {
  const units = { allocated: computeUnitsAllocated ?? null, used: computeUnitsUsed ?? null };
  return units.allocated === null && units.used === null ? null : units;
}
