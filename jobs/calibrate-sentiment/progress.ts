import { z } from 'zod';
import type { Context } from '../../src/runtime/handler.ts';

/**
 * The job's progress, which is also the only state that attempts share: it survives the worker, but not Redis. A missing
 * or invalid field has its initial value.
 */
export const calibrationJobProgress = z.object({
  /** `queued`: earlier calibrations come first; `busy`: the platform runs a reweight. */
  stage: z.enum(['queued', 'sending', 'busy', 'applying']).optional().catch(undefined),
  /** Calibrations that come first. */
  ahead: z.number().int().optional().catch(undefined),
  /** The platform's, of the calibration that is applied or waited for. */
  jobId: z.string().optional().catch(undefined),
  /** Status answers since the PUT was accepted, or answered 503. */
  polls: z.number().int().catch(0),
  /** 404 answers in a row for `jobId`. */
  notFound: z.number().int().catch(0),
  /** Attempts that failed since the last one that succeeded. */
  troubles: z.number().int().catch(0),
});
export type CalibrationJobProgress = z.infer<typeof calibrationJobProgress>;

type ProgressContext = Pick<Context<unknown, CalibrationJobProgress>, 'lastProgress' | 'progress'>;

export function readProgress({ lastProgress }: Pick<ProgressContext, 'lastProgress'>): CalibrationJobProgress {
  return lastProgress ?? calibrationJobProgress.parse({});
}

/** Updates some fields of the progress. */
export async function show(context: ProgressContext, changes: Partial<CalibrationJobProgress>): Promise<void> {
  const before = readProgress(context);
  const after = { ...before, ...changes };
  if (JSON.stringify(before) !== JSON.stringify(after)) await context.progress(after);
}
